package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// check reads a log's directory with Go's packages alone: the signature of its checkpoint, its tiles against
// the root, each of its entries against the tiles, and consistency with every smaller tree that it tries.
func check(directory, verifierKey string) {
	verifier, err := note.NewVerifier(verifierKey)
	must(err)
	message, err := os.ReadFile(filepath.Join(directory, "checkpoint"))
	must(err)
	opened, err := note.Open(message, note.VerifierList(verifier))
	must(err)
	tree := parseCheckpoint(opened.Text)
	// Authenticates every tile that it reads against the root.
	hashes := tlog.TileHashReader(tree, reader{directory})

	var entries int64
	for n := int64(0); n*256 < tree.N; n++ {
		tile := tlog.Tile{H: 8, L: 0, N: n, W: int(min(256, tree.N-n*256))}
		bytes, err := os.ReadFile(filepath.Join(directory, bundlePath(tile)))
		must(err)
		indexes := []int64{}
		for i := int64(0); i < int64(tile.W); i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, n*256+i))
		}
		stored, err := hashes.ReadHashes(indexes)
		must(err)
		for _, hash := range stored {
			end := 2 + int(binary.BigEndian.Uint16(bytes))
			if hash != tlog.RecordHash(bytes[2:end]) {
				must(fmt.Errorf("entry %d is not what was hashed", entries))
			}
			bytes = bytes[end:]
			entries++
		}
		if len(bytes) > 0 {
			must(fmt.Errorf("%s has more than %d entries", bundlePath(tile), tile.W))
		}
	}
	if entries != tree.N {
		must(fmt.Errorf("%d entries, and not %d", entries, tree.N))
	}

	proofs := 0
	for from := int64(1); from <= tree.N; from += 1 + tree.N/300 {
		old, err := tlog.TreeHash(from, hashes)
		must(err)
		consistency, err := tlog.ProveTree(tree.N, from, hashes)
		must(err)
		must(tlog.CheckTree(consistency, tree.N, tree.Hash, from, old))
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, from-1)})
		must(err)
		inclusion, err := tlog.ProveRecord(tree.N, from-1, hashes)
		must(err)
		must(tlog.CheckRecord(inclusion, tree.N, tree.Hash, from-1, leaf[0]))
		proofs += 2
	}
	fmt.Printf("signed by %s: %d entries, all as hashed; %d proofs hold\n", verifier.Name(), entries, proofs)
}

func parseCheckpoint(text string) tlog.Tree {
	lines := strings.Split(text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: tlog.Hash(root)}
}

type reader struct{ directory string }

func (reader) Height() int { return 8 }

func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(r.directory, c2spPath(tile)))
		if err != nil {
			return nil, err
		}
		all[i] = bytes
	}
	return all, nil
}

func (reader) SaveTiles([]tlog.Tile, [][]byte) {}

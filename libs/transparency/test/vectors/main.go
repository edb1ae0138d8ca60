// Writes vectors.json: what Go's golang.org/x/mod/sumdb/{tlog,note} make of logs that the tests make too.
// With `check <directory> <verifier key>` it checks a log that this library has written; see README.md.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const largest = 70000

type root struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
}

type inclusion struct {
	Index int64    `json:"index"`
	Size  int64    `json:"size"`
	Proof []string `json:"proof"`
}

type consistency struct {
	From  int64    `json:"from"`
	Size  int64    `json:"size"`
	Proof []string `json:"proof"`
}

type growth struct {
	From  int64    `json:"from"`
	To    int64    `json:"to"`
	Paths []string `json:"paths"`
}

type file struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

type signed struct {
	Name        string `json:"name"`
	Seed        string `json:"seed"`
	SignerKey   string `json:"signerKey"`
	VerifierKey string `json:"verifierKey"`
	Text        string `json:"text"`
	Note        string `json:"note"`
}

type vectors struct {
	Roots       []root        `json:"roots"`
	Inclusion   []inclusion   `json:"inclusion"`
	Consistency []consistency `json:"consistency"`
	Growth      []growth      `json:"growth"`
	Files       []file        `json:"files"`
	Notes       []signed      `json:"notes"`
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "check" {
		check(os.Args[2], os.Args[3])
		return
	}
	tree := makeTree()
	out := vectors{
		Roots:       tree.roots(),
		Inclusion:   tree.inclusion(),
		Consistency: tree.consistency(),
		Growth:      growths(),
		Files:       tree.files(),
		Notes:       notes(tree),
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	must(encoder.Encode(out))
}

// entry is what the tests append, too: of different lengths, the first one empty.
func entry(i int64) []byte {
	return []byte(strings.Repeat(fmt.Sprintf("entry %d;", i), int(i%4)))
}

type tree struct{ hashes []tlog.Hash }

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = t.hashes[index]
	}
	return hashes, nil
}

func makeTree() *tree {
	t := &tree{}
	for i := int64(0); i < largest; i++ {
		hashes, err := tlog.StoredHashes(i, entry(i), t)
		must(err)
		t.hashes = append(t.hashes, hashes...)
	}
	return t
}

func (t *tree) root(size int64) tlog.Hash {
	// Go has a zero hash for the empty tree; RFC 6962 says otherwise.
	if size == 0 {
		return sha256.Sum256(nil)
	}
	hash, err := tlog.TreeHash(size, t)
	must(err)
	return hash
}

func (t *tree) roots() (roots []root) {
	for size := int64(0); size <= 40; size++ {
		roots = append(roots, root{size, hexOf(t.root(size))})
	}
	for _, size := range []int64{255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537, largest} {
		roots = append(roots, root{size, hexOf(t.root(size))})
	}
	return
}

func (t *tree) inclusion() (proofs []inclusion) {
	add := func(index, size int64) {
		p, err := tlog.ProveRecord(size, index, t)
		must(err)
		proofs = append(proofs, inclusion{index, size, hexes(p)})
	}
	for size := int64(1); size <= 13; size++ {
		for index := int64(0); index < size; index++ {
			add(index, size)
		}
	}
	for _, size := range []int64{256, 257, 1000, 65536, 65537, largest} {
		for _, index := range []int64{0, 1, 200, 255, size / 2, size - 1} {
			add(index, size)
		}
	}
	return
}

func (t *tree) consistency() (proofs []consistency) {
	add := func(from, size int64) {
		p, err := tlog.ProveTree(size, from, t)
		must(err)
		proofs = append(proofs, consistency{from, size, hexes(p)})
	}
	for size := int64(1); size <= 13; size++ {
		for from := int64(1); from <= size; from++ {
			add(from, size)
		}
	}
	for _, size := range []int64{257, 512, 1000, 65536, 65537, largest} {
		for _, from := range []int64{1, 2, 3, 128, 255, 256, size / 2, size/2 + 1, size - 1} {
			add(from, size)
		}
	}
	return
}

// c2spPath is Go's path without the tile height, which C2SP has fixed at 8.
func c2spPath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

func growths() (all []growth) {
	for _, steps := range [][2]int64{{0, 0}, {0, 1}, {1, 2}, {0, 255}, {0, 256}, {255, 256}, {255, 257}, {256, 257},
		{100, 1000}, {65280, 65536}, {65535, 65537}, {65536, 66000}, {0, 3000}, {256000, 256001}, {16777215, 16777217},
		{315827200, 315827300}} {
		paths := []string{}
		for _, tile := range tlog.NewTiles(8, steps[0], steps[1]) {
			paths = append(paths, c2spPath(tile))
		}
		all = append(all, growth{steps[0], steps[1], paths})
	}
	return
}

// files are those of the largest tree: every hash tile, and the entry bundles, which Go knows nothing about.
func (t *tree) files() (files []file) {
	add := func(path string, bytes []byte) {
		files = append(files, file{path, hexOf(sha256.Sum256(bytes))})
	}
	for _, tile := range tlog.NewTiles(8, 0, largest) {
		bytes, err := tlog.ReadTileData(tile, t)
		must(err)
		add(c2spPath(tile), bytes)
		if tile.L == 0 {
			add(bundlePath(tile), bundle(tile))
		}
	}
	return
}

func bundlePath(tile tlog.Tile) string {
	return strings.Replace(c2spPath(tile), "tile/0/", "tile/entries/", 1)
}

func bundle(tile tlog.Tile) (bytes []byte) {
	for i := tile.N * 256; i < tile.N*256+int64(tile.W); i++ {
		bytes = binary.BigEndian.AppendUint16(bytes, uint16(len(entry(i))))
		bytes = append(bytes, entry(i)...)
	}
	return
}

func notes(t *tree) (all []signed) {
	texts := []string{"one line\n", "two\n\nparagraphs, and Unicode: 流量券\n", "a blank line at the end\n\n",
		fmt.Sprintf("example.com/log\n%d\n%s\n", largest, base64.StdEncoding.EncodeToString(bytesOf(t.root(largest))))}
	for i, name := range []string{"example.com/log", "快手", "x", "example.com/log"} {
		seed := sha256.Sum256([]byte{byte(i)})
		skey, vkey, err := note.GenerateKey(strings.NewReader(string(seed[:])), name)
		must(err)
		signer, err := note.NewSigner(skey)
		must(err)
		message, err := note.Sign(&note.Note{Text: texts[i]}, signer)
		must(err)
		all = append(all, signed{name, hexOf(seed), skey, vkey, texts[i], string(message)})
	}
	return
}

func hexOf(hash [32]byte) string { return hex.EncodeToString(hash[:]) }

func bytesOf(hash tlog.Hash) []byte { return hash[:] }

func hexes(hashes []tlog.Hash) []string {
	all := []string{}
	for _, hash := range hashes {
		all = append(all, hexOf(hash))
	}
	return all
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

import { decodeBundle, encodeBundled } from './entry-bundle.js';
import { HASH_BYTES, leafHash, treeHash } from './merkle.js';
import {
  partialTiles,
  readTile,
  subtreeHash,
  TILE_WIDTH,
  tileHashReader,
  tilePath,
  type PathReader,
} from './tiles.js';

/** A file of a log: a tile or an entry bundle. */
export interface TileFile {
  path: string;
  bytes: Buffer;
}

/**
 * The right edge of a growing tree: its partial tiles and its last entries, which are all that one needs
 * to go on and to know the root. At most 255 entries, and 8 KiB for each level.
 */
export class RightEdge {
  #size = 0;
  /** The entries of the partial bundle, each led by its length. */
  #bundle: Buffer[] = [];
  /** By level, the hashes in the partial tile; none where there is no partial tile. */
  readonly #rows: (Buffer | undefined)[] = [];

  /**
   * The edge of the tree of `size` entries that `read` has the tiles of. The root is for the caller to
   * check.
   *
   * @throws Error where a tile is missing or cut off, or the entries are not those that were hashed
   */
  static async restore(size: number, read: PathReader): Promise<RightEdge> {
    const edge = new RightEdge();
    for (const tile of partialTiles(size)) {
      const { level, width } = tile;
      const bytes = await readTile(tile, read);
      const length = width * HASH_BYTES;
      if (level === 'entries') {
        edge.#bundle = decodeBundle(bytes).slice(0, width).map(encodeBundled);
      } else if (bytes.length >= length) {
        const row = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
        bytes.copy(row, 0, 0, length);
        edge.#rows[level] = row;
      } else {
        throw new Error(
          `${tilePath(tile)} is cut off after ${bytes.length} bytes`,
        );
      }
    }
    edge.#size = size;
    edge.#assertBundleHashed();
    return edge;
  }

  /** The number of entries in the tree. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds an entry.
   *
   * @returns the full tiles and bundle that it completes, which the edge forgets
   * @throws RangeError where the entry is too long for a bundle, and the tree stays as it is
   */
  append(entry: Uint8Array): TileFile[] {
    const files: TileFile[] = [];
    const index = this.#size;
    this.#bundle.push(encodeBundled(entry));
    this.#size += 1;
    if (this.#bundle.length === TILE_WIDTH) {
      const path = fullPath('entries', index);
      files.push({ path, bytes: Buffer.concat(this.#bundle) });
      this.#bundle = [];
    }
    let hash = leafHash(entry);
    let at = index;
    for (let level = 0; ; level++) {
      const row = (this.#rows[level] ??= Buffer.alloc(TILE_WIDTH * HASH_BYTES));
      const place = at % TILE_WIDTH;
      hash.copy(row, place * HASH_BYTES);
      if (place < TILE_WIDTH - 1) return files;
      files.push({ path: fullPath(level, at), bytes: row });
      this.#rows[level] = undefined;
      hash = subtreeHash(row);
      at = Math.floor(at / TILE_WIDTH);
    }
  }

  /** The partial tiles and the partial bundle as they are now. */
  partialFiles(): TileFile[] {
    return partialTiles(this.#size).map((tile) => {
      const bytes =
        tile.level === 'entries'
          ? Buffer.concat(this.#bundle)
          : Buffer.from(
              this.#rows[tile.level]!.subarray(0, tile.width * HASH_BYTES),
            );
      return { path: tilePath(tile), bytes };
    });
  }

  /** The root of the tree. */
  root(): Promise<Buffer> {
    const rows = new Map(
      partialTiles(this.#size).map((tile) => [
        tilePath(tile),
        tile.level === 'entries' ? undefined : this.#rows[tile.level],
      ]),
    );
    // The full subtrees that a root is made of are all in partial tiles.
    const read: PathReader = (path) => Promise.resolve(rows.get(path));
    return treeHash(this.#size, tileHashReader(this.#size, read));
  }

  #assertBundleHashed() {
    const width = this.#size % TILE_WIDTH;
    const hashes = this.#bundle.map((bundled) => leafHash(bundled.subarray(2)));
    const row = this.#rows[0]?.subarray(0, width * HASH_BYTES);
    if (Buffer.compare(Buffer.concat(hashes), row ?? Buffer.alloc(0)) !== 0)
      throw new Error(
        `the last ${width} of ${this.#size} entries are not those that were hashed`,
      );
  }
}

/** The path of the full tile that an entry or hash is in. */
function fullPath(level: number | 'entries', at: number): string {
  const index = Math.floor(at / TILE_WIDTH);
  return tilePath({ level, index, width: TILE_WIDTH });
}

import {
  assertCount,
  HASH_BYTES,
  nodeHash,
  type Subtree,
  type SubtreeReader,
} from './merkle.js';

/*
 * Tiles as https://c2sp.org/tlog-tiles has them. A tile holds up to 256 hashes of neighbouring full
 * subtrees of one height: at level 0 of entries, at level 1 of full tiles of level 0, and so on. An entry
 * bundle holds the entries themselves, as many as the tile of level 0 at the same index holds hashes.
 */

/** The height of the subtree over a full tile. */
export const TILE_HEIGHT = 8;

/** The number of hashes in a full tile, and of entries in a full bundle. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** The address of a tile, or of an entry bundle. */
export interface Tile {
  level: number | 'entries';
  /** From 0, within the level. */
  index: number;
  /** 1 to 256; a tile of less than 256 is partial. */
  width: number;
}

/** The levels of the largest tree, of 2^53 entries. */
const LEVELS: readonly Tile['level'][] = ['entries', 0, 1, 2, 3, 4, 5, 6];

/** The path of a tile within a log: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const groups = digits
    .padStart(Math.ceil(digits.length / 3) * 3, '0')
    .match(/.{3}/g)!;
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`;
  const last = groups.pop()!;
  const folders = groups.map((group) => `x${group}/`).join('');
  return `tile/${level}/${folders}${last}${suffix}`;
}

const TILE_PATH =
  /^tile\/(0|[1-9]\d?|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** @throws Error where a path is not that of a tile, written in the only right way */
export function parseTilePath(path: string): Tile {
  const [, level, groups, width] = TILE_PATH.exec(path) ?? [];
  if (level !== undefined && groups !== undefined) {
    const tile: Tile = {
      level: level === 'entries' ? level : Number(level),
      index: Number(groups.replaceAll(/[x/]/g, '')),
      width: width === undefined ? TILE_WIDTH : Number(width),
    };
    if (tilePath(tile) === path) return tile;
  }
  throw new Error(`not the path of a tile: ${path}`);
}

/** The number of hashes that a level has in a tree of `size` entries: full subtrees of 256^level entries. */
function hashesAtLevel(level: Tile['level'], size: number): number {
  return level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
}

/**
 * The tiles to write when a tree grows: all that have a hash more than before, as wide as they now are,
 * with the bundles of the new entries.
 */
export function tilesToWrite(from: number, to: number): Tile[] {
  assertCount('size', from);
  assertCount('size', to);
  return LEVELS.flatMap((level) =>
    grownTiles(level, hashesAtLevel(level, from), hashesAtLevel(level, to)),
  );
}

function grownTiles(level: Tile['level'], from: number, to: number): Tile[] {
  const tiles: Tile[] = [];
  if (from >= to) return tiles;
  const first = Math.floor(from / TILE_WIDTH);
  for (let index = first; index * TILE_WIDTH < to; index++) {
    const width = Math.min(TILE_WIDTH, to - index * TILE_WIDTH);
    tiles.push({ level, index, width });
  }
  return tiles;
}

/** The partial tiles at the right edge of a tree, with its last entry bundle: at most one to a level. */
export function partialTiles(size: number): Tile[] {
  assertCount('size', size);
  return LEVELS.flatMap((level) => {
    const hashes = hashesAtLevel(level, size);
    const width = hashes % TILE_WIDTH;
    const index = Math.floor(hashes / TILE_WIDTH);
    return width > 0 ? [{ level, index, width }] : [];
  });
}

/**
 * The partial tiles of a tree of `from` entries that have become full in one of `to`: nobody needs them
 * any more, for the full ones begin with what is in them.
 */
export function supersededTiles(from: number, to: number): Tile[] {
  const open = new Set(
    partialTiles(to).map((tile) => tilePath(fullTile(tile))),
  );
  return partialTiles(from).filter(
    (tile) => !open.has(tilePath(fullTile(tile))),
  );
}

/** The tile at the same place with all that it will ever hold. */
export function fullTile(tile: Tile): Tile {
  return { ...tile, width: TILE_WIDTH };
}

/** Reads the bytes at a path of a log; undefined where there is nothing. */
export type PathReader = (path: string) => Promise<Buffer | undefined>;

/**
 * Reads a tile as it is in a tree: the partial one, or the full one that has taken its place, of which the
 * partial one is the beginning.
 *
 * @throws Error where there is neither
 */
export async function readTile(tile: Tile, read: PathReader): Promise<Buffer> {
  const path = tilePath(tile);
  const bytes = (await read(path)) ?? (await read(tilePath(fullTile(tile))));
  if (bytes === undefined) throw new Error(`the log has no ${path}`);
  return bytes;
}

/**
 * Reads hashes of full subtrees out of the tiles of a tree of `size` entries: all that it takes to prove
 * anything about trees of up to that size. What it reads is not checked: the proof will be.
 */
export function tileHashReader(size: number, read: PathReader): SubtreeReader {
  assertCount('size', size);
  return async (subtrees) => {
    const tiles = new Map<string, Promise<Buffer>>();
    return Promise.all(
      subtrees.map(async (subtree) => {
        const { tile, start, end } = locate(subtree, size);
        const path = tilePath(tile);
        const reading = tiles.get(path) ?? readTile(tile, read);
        tiles.set(path, reading);
        const bytes = await reading;
        if (bytes.length < tile.width * HASH_BYTES)
          throw new Error(`${path} is cut off after ${bytes.length} bytes`);
        return subtreeHash(
          bytes.subarray(start * HASH_BYTES, end * HASH_BYTES),
        );
      }),
    );
  };
}

/** The tile that a subtree's hash is in, or under, and the hashes in the tile that it is made of. */
function locate({ height, index }: Subtree, size: number) {
  if ((index + 1) * 2 ** height > size)
    throw new RangeError(
      `a tree of ${size} has no subtree ${index} of height ${height}`,
    );
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const first = index * count;
  const at = Math.floor(first / TILE_WIDTH);
  const [tile] = grownTiles(
    level,
    at * TILE_WIDTH,
    Math.min((at + 1) * TILE_WIDTH, hashesAtLevel(level, size)),
  );
  const start = first % TILE_WIDTH;
  return { tile: tile!, start, end: start + count };
}

/** The hash over a power of two of concatenated hashes. */
export function subtreeHash(hashes: Buffer): Buffer {
  let row = hashes;
  while (row.length > HASH_BYTES) {
    const above = Buffer.allocUnsafe(row.length / 2);
    for (let at = 0; at < above.length; at += HASH_BYTES) {
      const left = row.subarray(2 * at, 2 * at + HASH_BYTES);
      const right = row.subarray(2 * at + HASH_BYTES, 2 * at + 2 * HASH_BYTES);
      nodeHash(left, right).copy(above, at);
    }
    row = above;
  }
  return Buffer.from(row);
}

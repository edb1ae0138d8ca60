import type { Checkpoint } from './checkpoint.js';
import { decodeBundle } from './entry-bundle.js';
import { HASH_BYTES } from './merkle.js';
import { RightEdge } from './right-edge.js';
import {
  readTile,
  TILE_WIDTH,
  tilePath,
  type PathReader,
  type Tile,
} from './tiles.js';

/**
 * The entries of a log of `size` entries, from `start` on, a bundle in memory at a time. They are not
 * checked: prove each, or audit them all.
 */
export async function* readEntries(
  start: number,
  size: number,
  read: PathReader,
): AsyncGenerator<Buffer> {
  for (let at = start; at < size;) {
    const index = Math.floor(at / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const tile: Tile = { level: 'entries', index, width };
    const entries = decodeBundle(await readTile(tile, read)).slice(0, width);
    if (entries.length < width)
      throw new Error(
        `${tilePath(tile)} has ${entries.length} entries, and not ${width}`,
      );
    yield* entries.slice(at % TILE_WIDTH);
    at = (index + 1) * TILE_WIDTH;
  }
}

/** The hashes of the leaves of a log of `size` entries, from the first on, a tile in memory at a time. */
export async function* readLeafHashes(
  size: number,
  read: PathReader,
): AsyncGenerator<Buffer> {
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const tile: Tile = { level: 0, index, width };
    const bytes = await readTile(tile, read);
    if (bytes.length < width * HASH_BYTES)
      throw new Error(
        `${tilePath(tile)} is cut off after ${bytes.length} bytes`,
      );
    for (let at = 0; at < width; at += 1)
      yield bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
  }
}

/**
 * Checks a whole log against a checkpoint: that hashing its entries from the first to the last makes the
 * root that was signed, and every tile that is served on the way.
 *
 * @throws Error where something is missing or differs, with the path of it where it is known
 */
export async function auditLog(
  checkpoint: Pick<Checkpoint, 'size' | 'root'>,
  read: PathReader,
): Promise<void> {
  const edge = new RightEdge();
  for await (const entry of readEntries(0, checkpoint.size, read)) {
    for (const { path, bytes } of edge.append(entry)) {
      if (!(await read(path))?.equals(bytes))
        throw new Error(`${path} is not what its entries make`);
    }
  }
  for (const { path, bytes } of edge.partialFiles()) {
    const served = await read(path);
    if (served !== undefined && !served.equals(bytes))
      throw new Error(`${path} is not what its entries make`);
  }
  if (!checkpoint.root.equals(await edge.root()))
    throw new Error('the entries do not make the root of the checkpoint');
}

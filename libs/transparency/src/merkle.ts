import { hash } from 'node:crypto';

/** The length of every hash in a log: SHA-256. */
export const HASH_BYTES = 32;

/** The root of a tree without entries: SHA-256 of nothing (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0));

/** Begins with 0x00, and has room for an entry: used again, since new bytes for each of millions cost more. */
let leafInput = Buffer.alloc(1 << 12);

/** The hash of an entry: SHA-256(0x00 || entry) (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Buffer {
  const size = 1 + entry.length;
  if (size > leafInput.length) leafInput = Buffer.alloc(2 * size);
  leafInput.set(entry, 1);
  return sha256(leafInput.subarray(0, size));
}

/** Begins with 0x01, and has room for two hashes: used again, as {@link leafInput} is. */
const nodeInput = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01);

/** The hash of two subtrees put together: SHA-256(0x01 || left || right) (RFC 6962, section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/**
 * A full subtree: the entries from `index * 2^height` on, `2^height` of them. Its hash never changes
 * once it has all of its entries, and the hash of any tree is made of few of them.
 */
export interface Subtree {
  height: number;
  index: number;
}

/** Gives the hashes of full subtrees, in the order asked for. */
export type SubtreeReader = (subtrees: readonly Subtree[]) => Promise<Buffer[]>;

/** The root of the tree of the first `size` entries: MTH(D[size]) of RFC 6962, section 2.1. */
export async function treeHash(
  size: number,
  read: SubtreeReader,
): Promise<Buffer> {
  assertCount('size', size);
  if (size === 0) return EMPTY_ROOT;
  const [root] = await readRanges([[0, size]], read);
  return root!;
}

/**
 * The hashes that prove that entry `index` is in the tree of the first `size` entries: PATH(m, D[n]) of
 * RFC 6962, section 2.1.1.
 *
 * @throws RangeError where the tree has no such entry
 */
export async function proveInclusion(
  index: number,
  size: number,
  read: SubtreeReader,
): Promise<Buffer[]> {
  assertCount('index', index);
  assertCount('size', size);
  if (index >= size)
    throw new RangeError(`a tree of ${size} has no entry ${index}`);
  const siblings: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (index < middle) {
      siblings.push([middle, end]);
      end = middle;
    } else {
      siblings.push([start, middle]);
      start = middle;
    }
  }
  return readRanges(siblings.toReversed(), read);
}

/**
 * The hashes that prove that the tree of the first `to` entries begins with the tree of the first `from`
 * entries: PROOF(m, D[n]) of RFC 6962, section 2.1.2. Empty where both are the same, or the first is empty.
 *
 * @throws RangeError where the first is the larger one
 */
export async function proveConsistency(
  from: number,
  to: number,
  read: SubtreeReader,
): Promise<Buffer[]> {
  assertCount('size', from);
  assertCount('size', to);
  if (from > to)
    throw new RangeError(`a tree of ${from} is not part of one of ${to}`);
  if (from === 0 || from === to) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + largestPowerBelow(end - start);
    if (from <= middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
    }
  }
  // Where nothing was cut off on the left, this is the smaller tree, whose root the verifier has.
  if (start > 0) ranges.push([start, end]);
  return readRanges(ranges.toReversed(), read);
}

/** Entries from the first on, up to and without the second. */
type Range = readonly [start: number, end: number];

/** The hashes of ranges as a tree has them: each begins at a multiple of the largest power of two in its length. */
async function readRanges(
  ranges: readonly Range[],
  read: SubtreeReader,
): Promise<Buffer[]> {
  const parts = ranges.map(fullSubtrees);
  const hashes = await read(parts.flat());
  let at = 0;
  return parts.map(({ length }) => {
    const own = hashes.slice(at, (at += length));
    return own.reduceRight((right, left) => nodeHash(left, right));
  });
}

/** The full subtrees that a tree of `size` entries is made of, the largest first: with their hashes it can grow. */
export function frontierOf(size: number): Subtree[] {
  assertCount('size', size);
  return fullSubtrees([0, size]);
}

/** The full subtrees of a range, from left to right: the largest first. */
function fullSubtrees([start, end]: Range): Subtree[] {
  const subtrees: Subtree[] = [];
  let at = start;
  while (at < end) {
    const height = floorLog2(end - at);
    subtrees.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return subtrees;
}

/** The largest power of two that is smaller than `length`, which is 2 or more (k of RFC 6962, section 2.1). */
function largestPowerBelow(length: number): number {
  return 2 ** floorLog2(length - 1);
}

/** Exact for every safe integer from 1 on, as Math.log2 is not. */
function floorLog2(value: number): number {
  return value.toString(2).length - 1;
}

/** @throws RangeError where a number cannot be an index or size */
export function assertCount(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`not a tree ${what}: ${value}`);
}

function sha256(bytes: Uint8Array): Buffer {
  // By way of a string, since a buffer of its own for each hash costs more.
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
}

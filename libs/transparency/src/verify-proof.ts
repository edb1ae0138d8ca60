import { assertCount, EMPTY_ROOT, HASH_BYTES, nodeHash } from './merkle.js';

/** A proof does not prove what it was given for. */
export class ProofError extends Error {}

/** What a proof of inclusion is to prove: that `leafHash` is that of entry `index` of the tree. */
export interface Inclusion {
  index: number;
  leafHash: Uint8Array;
  size: number;
  root: Uint8Array;
}

/**
 * Checks a proof of inclusion: the algorithm of RFC 9162, section 2.1.3.2.
 *
 * @throws ProofError where it does not prove it
 */
export function verifyInclusion(
  { index, leafHash, size, root }: Inclusion,
  proof: readonly Uint8Array[],
): void {
  assertCount('index', index);
  assertCount('size', size);
  if (index >= size)
    throw new ProofError(`a tree of ${size} has no entry ${index}`);
  assertHashes([leafHash, root, ...proof]);
  let [node, last] = [index, size - 1];
  let computed = leafHash;
  for (const sibling of proof) {
    if (last === 0) throw new ProofError('the proof is too long');
    if (isOdd(node) || node === last) {
      computed = nodeHash(sibling, computed);
      [node, last] = climbToRightChild(node, last);
    } else {
      computed = nodeHash(computed, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) throw new ProofError('the proof is too short');
  assertSame(
    computed,
    root,
    `entry ${index} is not in this tree of ${size}, or not as given`,
  );
}

/** The size of a tree and its root: what a checkpoint states. */
export interface TreeHead {
  size: number;
  root: Uint8Array;
}

/**
 * Checks a proof of consistency, that all entries of `from` are in `to`, at the same places: the algorithm
 * of RFC 9162, section 2.1.4.2. Trees of one size are consistent where their roots are the same, and the
 * empty tree is with every tree; both need no proof.
 *
 * @throws ProofError where it does not prove it
 */
export function verifyConsistency(
  from: TreeHead,
  to: TreeHead,
  proof: readonly Uint8Array[],
): void {
  assertCount('size', from.size);
  assertCount('size', to.size);
  assertHashes([from.root, to.root, ...proof]);
  if (from.size > to.size)
    throw new ProofError(`the tree shrank from ${from.size} to ${to.size}`);
  if (from.size === 0)
    assertSame(from.root, EMPTY_ROOT, 'the empty tree has another root');
  if (from.size === to.size)
    assertSame(from.root, to.root, `two roots for the size ${to.size}`);
  if (from.size === 0 || from.size === to.size) {
    if (proof.length > 0) throw new ProofError('the proof is too long');
    return;
  }
  if (proof.length === 0) throw new ProofError('the proof is too short');

  let [node, last] = [from.size - 1, to.size - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  // A full subtree is a node of the larger tree, and its root the first hash of the proof, left out.
  const [first, ...rest] = node === 0 ? [from.root, ...proof] : proof;
  let [fromRoot, toRoot] = [first!, first!];
  for (const hash of rest) {
    if (last === 0) throw new ProofError('the proof is too long');
    if (isOdd(node) || node === last) {
      fromRoot = nodeHash(hash, fromRoot);
      toRoot = nodeHash(hash, toRoot);
      [node, last] = climbToRightChild(node, last);
    } else {
      toRoot = nodeHash(toRoot, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) throw new ProofError('the proof is too short');
  assertSame(
    fromRoot,
    from.root,
    `the proof is not for this tree of ${from.size}`,
  );
  assertSame(
    toRoot,
    to.root,
    `the tree of ${to.size} does not begin with the tree of ${from.size}`,
  );
}

/** Up from the last node of a row, where it has no sibling, to the first ancestor that is a right child. */
function climbToRightChild(node: number, last: number): [number, number] {
  while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
  return [node, last];
}

function assertHashes(hashes: readonly Uint8Array[]) {
  if (hashes.some(({ length }) => length !== HASH_BYTES))
    throw new ProofError(`a hash is not of ${HASH_BYTES} bytes`);
}

function assertSame(computed: Uint8Array, given: Uint8Array, message: string) {
  if (Buffer.compare(computed, given) !== 0) throw new ProofError(message);
}

// Not by `&` and `>>`, which would cut sizes to 32 bits.
const isOdd = (value: number) => value % 2 === 1;
const half = (value: number) => Math.floor(value / 2);

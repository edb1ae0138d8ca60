import fc from 'fast-check';
import { CT_ENTRIES, CT_ROOTS } from '../test/ct-vectors.js';
import { hex, unhex } from '../test/logs.js';
import {
  EMPTY_ROOT,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  treeHash,
  type SubtreeReader,
} from './merkle.js';
import {
  ProofError,
  verifyConsistency,
  verifyInclusion,
} from './verify-proof.js';

/** MTH(D[n]) as RFC 6962, section 2.1, writes it down. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leafHash(leaves[0]!);
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

/** The subtrees of entries that are all at hand. */
function readerOf(leaves: readonly Buffer[]): SubtreeReader {
  return async (subtrees) =>
    subtrees.map(({ height, index }) =>
      rootOf(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height)),
    );
}

const anyLeaves = fc.array(
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  { minLength: 1, maxLength: 70 },
);

/** Entries, a place among them, and a smaller or equal size of the tree. */
const anyPlace = anyLeaves.chain((leaves) =>
  fc.record({
    leaves: fc.constant(leaves),
    index: fc.nat({ max: leaves.length - 1 }),
    from: fc.integer({ min: 1, max: leaves.length }),
  }),
);

describe('the root of a tree', () => {
  it.each(CT_ROOTS.map((root, size) => ({ root, size })))(
    'of $size entries is the one Certificate Transparency published',
    async ({ root, size }) => {
      expect(hex(await treeHash(size, readerOf(CT_ENTRIES)))).toBe(root);
    },
  );

  it('is what RFC 6962 defines, for any entries', () =>
    fc.assert(
      fc.asyncProperty(anyLeaves, async (leaves) => {
        const root = await treeHash(leaves.length, readerOf(leaves));
        expect(root).toEqual(rootOf(leaves));
      }),
    ));
});

describe('a proof of inclusion', () => {
  it.each([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, [CT_ROOTS[2]!]],
    [
      1,
      5,
      [
        CT_ROOTS[1]!,
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ] as const)(
    'of entry %i in %i is the one Certificate Transparency published',
    async (index, size, published) => {
      const proof = await proveInclusion(index, size, readerOf(CT_ENTRIES));
      expect(proof.map(hex)).toEqual(published);
    },
  );

  it('holds for every entry, and for no other entry, place or root', () =>
    fc.assert(
      fc.asyncProperty(anyPlace, fc.nat(), async ({ leaves, index }, salt) => {
        const size = leaves.length;
        const proof = await proveInclusion(index, size, readerOf(leaves));
        const claim = {
          index,
          size,
          leafHash: leafHash(leaves[index]!),
          root: rootOf(leaves),
        };
        verifyInclusion(claim, proof);
        const fails = (changed: Partial<typeof claim>, changedProof = proof) =>
          expect(() =>
            verifyInclusion({ ...claim, ...changed }, changedProof),
          ).toThrow(ProofError);
        fails({ leafHash: flip(claim.leafHash, salt) });
        fails({ root: flip(claim.root, salt) });
        proof.forEach((hash, i) => fails({}, proof.with(i, flip(hash, salt))));
        fails({}, [...proof, claim.root]);
        if (proof.length > 0) fails({}, proof.slice(1));
        if (proof.length > 0) fails({}, proof.slice(0, -1));
        fails({ index: size });
        fails({ root: claim.root.subarray(1) });
      }),
    ));

  it('is not made of an entry that the tree does not have', async () => {
    await expect(proveInclusion(3, 3, readerOf([]))).rejects.toThrow(
      'a tree of 3 has no entry 3',
    );
    await expect(proveInclusion(-1, 3, readerOf([]))).rejects.toThrow(
      RangeError,
    );
    await expect(treeHash(2 ** 53, readerOf([]))).rejects.toThrow(RangeError);
  });
});

describe('a proof of consistency', () => {
  it.each([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ] as const)(
    'of %i with %i is the one Certificate Transparency published',
    async (from, to, published) => {
      const proof = await proveConsistency(from, to, readerOf(CT_ENTRIES));
      expect(proof.map(hex)).toEqual(published);
    },
  );

  it('holds between any two sizes, and for no other roots', () =>
    fc.assert(
      fc.asyncProperty(anyPlace, fc.nat(), async ({ leaves, from }, salt) => {
        const size = leaves.length;
        const proof = await proveConsistency(from, size, readerOf(leaves));
        const small = { size: from, root: rootOf(leaves.slice(0, from)) };
        const large = { size, root: rootOf(leaves) };
        verifyConsistency(small, large, proof);
        const fails = (a: typeof small, b: typeof large, changed = proof) =>
          expect(() => verifyConsistency(a, b, changed)).toThrow(ProofError);
        fails({ ...small, root: flip(small.root, salt) }, large);
        fails(small, { ...large, root: flip(large.root, salt) });
        proof.forEach((hash, i) =>
          fails(small, large, proof.with(i, flip(hash, salt))),
        );
        fails(small, large, [...proof, large.root]);
        if (proof.length > 0) fails(small, large, proof.slice(0, -1));
        fails({ ...large, size: size + 1 }, large);
      }),
    ));

  it('is not needed from the empty tree, whose root is known', async () => {
    expect(await proveConsistency(0, 5, readerOf(CT_ENTRIES))).toEqual([]);
    const large = { size: 5, root: unhex(CT_ROOTS[5]!) };
    verifyConsistency({ size: 0, root: EMPTY_ROOT }, large, []);
    expect(() =>
      verifyConsistency({ size: 0, root: large.root }, large, []),
    ).toThrow('the empty tree has another root');
  });

  it('does not hold where a tree was rewritten', () =>
    fc.assert(
      fc.asyncProperty(anyPlace, async ({ leaves, index, from }) => {
        fc.pre(index < from && from < leaves.length);
        const forged = leaves.with(index, Buffer.from('forged'));
        const proof = await proveConsistency(
          from,
          leaves.length,
          readerOf(forged),
        );
        expect(() =>
          verifyConsistency(
            { size: from, root: rootOf(leaves.slice(0, from)) },
            { size: leaves.length, root: rootOf(forged) },
            proof,
          ),
        ).toThrow(ProofError);
      }),
    ));
});

function flip(bytes: Buffer, salt: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[salt % bytes.length]! ^= 1 << (salt % 8);
  return flipped;
}

import fc from 'fast-check';
import { shardOf } from '@app/contracts';
import {
  leafHash,
  ProofError,
  RightEdge,
  verifyInclusion,
} from '@app/transparency';
import { anyBalances } from '../test/arbitraries.js';
import {
  balanceLeaf,
  balanceLeafOf,
  LEAVES_PER_SHARD,
  type AccountBalance,
} from './balance-leaf.js';
import {
  balanceRoot,
  proveBalance,
  ShardBalanceTree,
  verifyBalanceProof,
} from './balance-tree.js';
import { TreeHasher } from './tree-hasher.js';

const of = (merchantId: string, balance: bigint): AccountBalance => ({
  account: `merchant:${merchantId}:available`,
  unit: 'ANY_IMP',
  balance,
});

describe('a leaf of balances', () => {
  it('is the same in whatever order they come, and without those of zero', () => {
    fc.assert(
      fc.property(
        anyBalances.chain((balances) =>
          fc.tuple(
            fc.constant(balances),
            fc.shuffledSubarray(balances, { minLength: balances.length }),
          ),
        ),
        ([balances, shuffled]) => {
          const zero = { ...of('nobody', 0n) };
          expect(balanceLeaf(1, 2, [...shuffled, zero])).toEqual(
            balanceLeaf(1, 2, balances),
          );
        },
      ),
    );
  });

  it('says shard and place, and every balance by the bytes of its account', () => {
    const leaf = balanceLeaf(3, 17, [of('😀', 2n), of('ﬀ', -1n)]);
    const texts = [
      'traffic-reward-ledger/balances/v1',
      '3',
      '17',
      'merchant:ﬀ:available',
      'ANY_IMP',
      '-1',
      'merchant:😀:available',
      'ANY_IMP',
      '2',
    ];
    expect(leaf).toEqual(
      Buffer.concat(
        texts.flatMap((text) => {
          const bytes = Buffer.from(text);
          const length = Buffer.alloc(4);
          length.writeUInt32BE(bytes.length);
          return [length, bytes];
        }),
      ),
    );
  });

  it('has one balance for an account and unit', () => {
    expect(() => balanceLeaf(0, 1, [of('m', 1n), of('m', 2n)])).toThrow(
      'merchant:m:available has two balances in ANY_IMP',
    );
  });

  it('is never the one of the accounts that belong to no merchant', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (merchantId) => {
        const leaf = balanceLeafOf(merchantId);
        expect(leaf).toBeGreaterThan(0);
        expect(leaf).toBeLessThan(LEAVES_PER_SHARD);
      }),
    );
  });
});

describe('the tree of balances', () => {
  it.each([1, 3])(
    'of %i shards is that of RFC 6962 over all leaves',
    async (shardCount) => {
      const trees = Array.from(
        { length: shardCount },
        (_, shard) => new ShardBalanceTree(shard),
      );
      const changed = new Map([
        [0, of('a', 1n)],
        [17, of('b', 2n)],
        [4_095, of('c', 3n)],
      ]);
      const hasher = new TreeHasher();
      for (const tree of trees) {
        tree.root();
        for (const [leaf, balance] of changed) tree.set(leaf, [balance]);
        for (let leaf = 0; leaf < LEAVES_PER_SHARD; leaf += 1) {
          const balance = changed.get(leaf);
          hasher.add(balanceLeaf(tree.shard, leaf, balance ? [balance] : []));
        }
      }
      const root = await balanceRoot(trees.map((tree) => tree.root()));
      expect(root).toEqual(hasher.root());
    },
  );

  it('proves what a merchant has, and that another has nothing', async () => {
    const trees = [0, 1, 2].map((shard) => new ShardBalanceTree(shard));
    const tree = trees[shardOf('m1', 3)];
    const elsewhere = trees[(shardOf('m1', 3) + 1) % 3];
    tree!.set(balanceLeafOf('m1'), [of('m1', 700n), of('m1:x', 5n)]);
    const roots = trees.map((each) => each.root());
    const block = { shardCount: 3, balanceRoot: await balanceRoot(roots) };

    const balances = [of('m1', 700n), of('m1:x', 5n)];
    const rich = await proveBalance('m1', tree!, balances, roots);
    expect(verifyBalanceProof(rich, block)).toEqual([of('m1', 700n)]);
    const poor = await proveBalance('m2', trees[shardOf('m2', 3)]!, [], roots);
    expect(verifyBalanceProof(poor, block)).toEqual([]);

    for (const wrong of [
      { ...rich, balances: [of('m1', 701n), of('m1:x', 5n)] },
      { ...rich, balances: [] },
      { ...rich, merchantId: 'm2' },
      await proveBalance('m1', elsewhere!, [], roots),
      { ...poor, balances: [of('m2', 1n)] },
    ])
      expect(() => verifyBalanceProof(wrong, block)).toThrow(ProofError);
  });

  it('is proved with a plain proof of inclusion', async () => {
    const trees = [0, 1].map((shard) => new ShardBalanceTree(shard));
    const roots = trees.map((tree) => tree.root());
    const shard = shardOf('m1', 2);
    const { proof } = await proveBalance('m1', trees[shard]!, [], roots);
    const leaf = balanceLeafOf('m1');
    verifyInclusion(
      {
        index: shard * LEAVES_PER_SHARD + leaf,
        leafHash: leafHash(balanceLeaf(shard, leaf, [])),
        size: 2 * LEAVES_PER_SHARD,
        root: await balanceRoot(roots),
      },
      proof,
    );
  });
});

describe('the root from leaves alone', () => {
  it('is that of the log, at every size', async () => {
    const edge = new RightEdge();
    const hasher = new TreeHasher();
    for (let size = 0; size <= 600; size += 1) {
      expect(hasher.size).toBe(size);
      expect(hasher.root()).toEqual(await edge.root());
      const leaf = Buffer.from(`entry ${size}`);
      edge.append(leaf);
      hasher.add(leaf);
    }
  });
});

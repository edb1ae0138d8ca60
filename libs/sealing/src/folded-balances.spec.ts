import { balanceLeafOf, OWN_LEAF } from './balance-leaf.js';
import { emptyShardRoot, ShardBalanceTree } from './balance-tree.js';
import { FoldedBalances } from './folded-balances.js';

const SHARD = 3;
const ID = 'an id: with colons';
const ACCOUNT = `merchant:${ID}:available`;

describe('balances that are folded from postings', () => {
  it('have the root of a tree that is made at once, at any moment', () => {
    const folded = new FoldedBalances(SHARD);
    const tree = new ShardBalanceTree(SHARD);
    folded.add({ account: 'pool:ladder', unit: 'ANY_IMP', amount: -7n });
    folded.add({ account: ACCOUNT, unit: 'ANY_IMP', amount: 7n });
    const own = { account: 'pool:ladder', unit: 'ANY_IMP' as const };
    tree.set(OWN_LEAF, [{ ...own, balance: -7n }]);
    tree.set(balanceLeafOf(ID), [
      { account: ACCOUNT, unit: 'ANY_IMP', balance: 7n },
    ]);
    expect(folded.root()).toEqual(tree.root());

    folded.add({ account: ACCOUNT, unit: 'ANY_IMP', amount: 2n });
    folded.add({ account: ACCOUNT, unit: 'CNY', amount: 5n });
    tree.set(balanceLeafOf(ID), [
      { account: ACCOUNT, unit: 'ANY_IMP', balance: 9n },
      { account: ACCOUNT, unit: 'CNY', balance: 5n },
    ]);
    expect(folded.root()).toEqual(tree.root());
  });

  it('have that of a shard without balances once all is taken back', () => {
    const folded = new FoldedBalances(SHARD);
    folded.add({ account: ACCOUNT, unit: 'CNY', amount: 5n });
    folded.add({ account: ACCOUNT, unit: 'CNY', amount: -5n });
    expect(folded.root()).toEqual(emptyShardRoot(SHARD));
  });
});

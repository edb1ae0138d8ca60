import { shardOf } from '@app/contracts';
import { cutOfShard, JOURNALS } from '@app/ledger';
import { cutAt, readStoredPages, type PoolClient } from '@app/ledger/postgres';
import {
  balanceLeafOf,
  OWN_LEAF,
  type AccountBalance,
} from '../balance-leaf.js';
import {
  emptyShardRoot,
  proveBalance,
  ShardBalanceTree,
  type BalanceProof,
} from '../balance-tree.js';
import { SealError } from '../seal-error.js';
import { loadTree, type BalancesByLeaf } from './read-balances.js';
import { readBalanceRoots, type StoredBlock } from './sealed.js';

/**
 * Proves a merchant's balances as of a block. Reads all balances of the merchant's shard, and what was posted in it since
 * the block: the older the block, the longer it takes.
 *
 * @param client in a transaction of one moment
 * @throws SealError where the balances are not those that were sealed
 */
export async function proveBalances(
  client: PoolClient,
  merchantId: string,
  block: StoredBlock,
): Promise<BalanceProof> {
  const { shardCount } = block;
  const shard = shardOf(merchantId, shardCount);
  const roots = await readBalanceRoots(client, shardCount, block.number);
  const shardRoots = Array.from(
    { length: shardCount },
    (_, i) => roots.get(i) ?? emptyShardRoot(i),
  );
  const since = await readSince(client, shard, block);
  const tree = new ShardBalanceTree(shard);
  let own: AccountBalance[] = [];
  await loadTree(client, tree, (balances) => {
    takeBack(balances, since);
    own = balances.get(balanceLeafOf(merchantId)) ?? own;
  });
  if (!tree.root().equals(shardRoots[shard]!))
    throw new SealError(
      `the balances of shard ${shard} are not those that block ${block.number} sealed`,
    );
  const nonZero = own.filter(({ balance }) => balance !== 0n);
  return proveBalance(merchantId, tree, nonZero, shardRoots);
}

/** What was posted in a shard since a block, by leaf. */
async function readSince(
  client: PoolClient,
  shard: number,
  { position }: StoredBlock,
): Promise<BalancesByLeaf> {
  const cut = cutOfShard(await cutAt(client, { position }, [shard]), shard);
  const since: BalancesByLeaf = new Map();
  for (const journal of JOURNALS)
    for await (const { entries } of readStoredPages(client, journal, shard, {
      after: cut[journal],
    }))
      for (const { merchantId, postings } of entries)
        for (const { account, unit, amount } of postings) {
          const leaf =
            merchantId !== null && account.startsWith('merchant:')
              ? balanceLeafOf(merchantId)
              : OWN_LEAF;
          const posted = since.get(leaf) ?? [];
          since.set(leaf, posted);
          posted.push({ account, unit, balance: amount });
        }
  return since;
}

function takeBack(balances: BalancesByLeaf, since: BalancesByLeaf): void {
  for (const [leaf, own] of balances)
    for (const { account, unit, balance } of since.get(leaf) ?? []) {
      const kept = own.find(
        (each) => each.account === account && each.unit === unit,
      );
      if (kept) kept.balance -= balance;
      else own.push({ account, unit, balance: -balance });
    }
}

import { shardOf } from '@app/contracts';
import { JOURNALS } from '@app/ledger';
import {
  inTransaction,
  readStoredPages,
  type Pool,
  type PoolClient,
} from '@app/ledger/postgres';
import {
  balanceLeafOf,
  OWN_LEAF,
  type AccountBalance,
} from '../balance-leaf.js';
import {
  proveBalance,
  ShardBalanceTree,
  type BalanceProof,
} from '../balance-tree.js';
import { SealError } from '../seal-error.js';
import { loadTree, type BalancesByLeaf } from './read-balances.js';
import {
  readBalanceRoots,
  readCursors,
  readLastBlock,
  type StoredBlock,
} from './sealed.js';

/** A merchant's balances as of a block, and the proof of them. */
export interface ProvenBalances {
  block: StoredBlock;
  proof: BalanceProof;
}

/**
 * Proves a merchant's balances as of the last block. Reads all balances of the merchant's shard.
 *
 * @returns null where nothing is sealed yet
 * @throws SealError where the balances are not those that were sealed
 */
export function proveBalances(
  pool: Pool,
  merchantId: string,
  shardCount: number,
): Promise<ProvenBalances | null> {
  return inTransaction(pool, async (client) => {
    await client.query(
      'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    );
    const block = await readLastBlock(client);
    if (!block) return null;
    const shard = shardOf(merchantId, shardCount);
    const roots = await readBalanceRoots(client, shardCount);
    const shardRoots = Array.from(
      { length: shardCount },
      (_, i) => roots.get(i) ?? new ShardBalanceTree(i).root(),
    );
    const since = await readSince(client, shard, shardCount);
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
    const proof = await proveBalance(merchantId, tree, nonZero, shardRoots);
    return { block, proof };
  });
}

/** What was posted since the shard was last sealed, by leaf. */
async function readSince(
  client: PoolClient,
  shard: number,
  shardCount: number,
): Promise<BalancesByLeaf> {
  const cursors = await readCursors(client, shardCount);
  const since: BalancesByLeaf = new Map();
  for (const journal of JOURNALS) {
    const after = cursors.of(journal, shard).sequence;
    for await (const { entries } of readStoredPages(client, journal, shard, {
      after,
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

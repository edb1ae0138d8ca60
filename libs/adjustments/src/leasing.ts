import type { Adjustment, Passage } from '@app/ledger';
import {
  findReturned,
  findUnderWay,
  lendSlice,
  readPools,
  takeUnderWay,
} from '@app/ledger/postgres';
import { homesAmong } from '@app/programs';
import type { Finance } from './finance.js';

/**
 * What an adjustment in a shard can draw on: the shard's slice of the pool, and what could be leased to it. Nothing
 * where the adjustment gives nothing out of a pool.
 */
export async function readReach(
  { pool, shardCount }: Finance,
  shard: number,
  adjustment: Adjustment,
): Promise<bigint> {
  const drawn = drawnOn(adjustment, shard, shardCount);
  if (!drawn) return 0n;
  const { passage } = drawn;
  const { fromShard: home } = passage;
  const [pools, underWay] = await Promise.all([
    readPools(pool, [...new Set([shard, home])], passage),
    Promise.all([
      findReturned(pool, { passage, shardCount }),
      home === shard ? [] : findUnderWay(pool, [passage]),
    ]),
  ]);
  return [
    ...pools.values(),
    ...underWay.flat().map(({ amount }) => amount),
  ].reduce((sum, amount) => sum + amount, 0n);
}

/** Leases what a shard has too little of for an adjustment, as far as there is any: each step is a commit of its own. */
export async function leaseFor(
  { pool, shardCount, nowMs }: Finance,
  shard: number,
  adjustment: Adjustment,
): Promise<void> {
  const drawn = drawnOn(adjustment, shard, shardCount);
  if (!drawn) return;
  const { passage, amount } = drawn;
  const has = (await readPools(pool, [shard], passage)).get(shard) ?? 0n;
  if (has >= amount) return;
  if (passage.fromShard === shard) {
    const returned = await findReturned(pool, { passage, shardCount });
    const passages = returned.map((slice) => slice.passage);
    await takeUnderWay(pool, 'reclaim', shard, passages, nowMs());
    return;
  }
  const needed = amount - has;
  await lendSlice(pool, {
    passage,
    needed,
    shardCount,
    nowMs: nowMs(),
    // A program's first budget comes with its file.
    issues: () => Promise.resolve([]),
    amountOf: (left, underWay) => {
      const missing = needed > underWay ? needed - underWay : 0n;
      return missing < left ? missing : left;
    },
  });
  await takeUnderWay(pool, 'borrow', shard, [passage], nowMs());
}

/** The pool that an adjustment gives out of, on its way to the shard; null where it gives nothing out of one. */
function drawnOn(
  adjustment: Adjustment,
  shard: number,
  shardCount: number,
): { passage: Passage; amount: bigint } | null {
  if (adjustment.type !== 'give' && adjustment.type !== 'cash') return null;
  const { program, amount } = adjustment;
  const unit = adjustment.type === 'cash' ? 'CNY' : adjustment.unit;
  const fromShard = homesAmong(shardCount)(program, unit);
  return { passage: { program, unit, fromShard, toShard: shard }, amount };
}

import type { Unit } from '@app/contracts';
import type { Finding } from '../verify.js';
import { passageOf } from '../lease.js';
import type { Pool } from './pool.js';

/**
 * Finds shards that have taken more of a program's budget than was sent to them. What was taken is read ahead of what
 * was sent, which only grows: so that writers may go on meanwhile, and the shards be on several machines.
 */
export async function verifyLeases(pool: Pool): Promise<Finding[]> {
  const taken = await readLeased(pool, '<');
  const sent = new Map(
    (await readLeased(pool, '>')).map(({ account, unit, shard, amount }) => [
      `${account} ${unit} ${shard}`,
      amount,
    ]),
  );
  return taken.flatMap(({ shard, account, unit, amount }) => {
    const passage = passageOf(account, unit);
    const wasSent =
      passage?.toShard === shard
        ? (sent.get(`${account} ${unit} ${passage.fromShard}`) ?? 0n)
        : 0n;
    if (wasSent + amount >= 0n) return [];
    const problem = `${account} in grants-${shard}: ${-amount} ${unit} were taken, but ${wasSent} were sent`;
    return [{ shard, entryId: null, problem }];
  });
}

async function readLeased(pool: Pool, sign: '<' | '>') {
  const { rows } = await pool.query<{
    shard: number;
    account: string;
    unit: Unit;
    amount: bigint;
  }>(
    `SELECT shard, account, unit, amount FROM shard_balance
     WHERE journal = 'grants' AND account LIKE 'leased:%' AND amount ${sign} 0 ORDER BY 1, 2, 3`,
  );
  return rows;
}

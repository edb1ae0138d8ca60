import type { Unit } from '@app/contracts';
import { accountClassOf } from '../account.js';
import type { Cause } from '../cause.js';
import type { Entry, EntryKind, Journal, Posting } from '../entry.js';
import type { Pool } from './pool.js';

/** By shard, the sequence of a journal's last entry; shards without entries are left out. */
export async function readTips(
  pool: Pool,
  journal: Journal,
  shards: readonly number[],
): Promise<Map<number, bigint>> {
  const { rows } = await pool.query<{ shard: number; sequence: bigint }>({
    name: 'read-tips',
    text: `SELECT shard, sequence FROM shard_head WHERE journal = $1 AND shard = ANY ($2::smallint[])`,
    values: [journal, shards],
  });
  return new Map(rows.map(({ shard, sequence }) => [shard, sequence]));
}

/** A journal's entries with `sequence >= from`, in order, at most `limit`. */
export async function readEntries(
  pool: Pool,
  journal: Journal,
  shard: number,
  from: bigint,
  limit: number,
): Promise<Entry[]> {
  const until = from + BigInt(limit);
  const values = [shard, journal, from, until];
  const [entries, postings] = await Promise.all([
    pool.query<EntryRow>({
      name: 'read-entries',
      text: `
        SELECT sequence, kind, merchant_id, occurred_at, recorded_at, cause::text AS cause, hash FROM entry
        WHERE shard = $1 AND journal = $2 AND sequence >= $3 AND sequence < $4 ORDER BY sequence`,
      values,
    }),
    pool.query<PostingRow>({
      name: 'read-postings',
      text: `
        SELECT sequence, account, unit, amount, lot_id FROM posting
        WHERE shard = $1 AND journal = $2 AND sequence >= $3 AND sequence < $4 ORDER BY sequence, line`,
      values,
    }),
  ]);
  const bySequence = new Map<bigint, Posting[]>();
  for (const row of postings.rows) {
    const posting = {
      account: accountClassOf(row.account),
      unit: row.unit,
      amount: row.amount,
      lotId: row.lot_id,
    };
    const lines = bySequence.get(row.sequence);
    if (lines) lines.push(posting);
    else bySequence.set(row.sequence, [posting]);
  }
  return entries.rows.map((row) => ({
    shard,
    journal,
    sequence: row.sequence,
    kind: row.kind,
    merchantId: row.merchant_id,
    occurredAtMs: row.occurred_at.getTime(),
    recordedAtMs: row.recorded_at.getTime(),
    postings: bySequence.get(row.sequence) ?? [],
    cause: JSON.parse(row.cause) as Cause,
    causeText: row.cause,
    hash: row.hash,
  }));
}

interface EntryRow {
  sequence: bigint;
  kind: EntryKind;
  merchant_id: string | null;
  occurred_at: Date;
  recorded_at: Date;
  cause: string;
  hash: Buffer;
}

interface PostingRow {
  sequence: bigint;
  account: string;
  unit: Unit;
  amount: bigint;
  lot_id: string | null;
}

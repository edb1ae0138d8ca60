import type { JournalCut, MerchantPlace } from '../../as-of/index.js';
import type { Queryable } from '../queryable.js';
import {
  readToldEntries,
  type EntryPlace,
  type ToldEntry,
} from './told-entries.js';

/** How far somebody has followed a merchant. */
export interface Followed extends MerchantPlace {
  /** The last entries of the merchant's shard that are known, of each journal. */
  behind: JournalCut;
}

/**
 * The entries of merchants behind what is known of them, of each in order of recording, as many as `limit` of one: in
 * the order of those who ask. Each costs what is new in its shard, not what is old.
 */
export async function entriesBehind(
  db: Queryable,
  followed: readonly Followed[],
  limit: number,
): Promise<ToldEntry[][]> {
  const { rows } = await db.query<EntryPlace & { number: bigint }>({
    name: 'entries-behind',
    // What was recorded ahead of the first new entry of a shard is known, and an index leaves it aside.
    text: `
      SELECT number, shard, journal, sequence
      FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
          AS followed (shard, merchant_id, grants, promotions, number), LATERAL (
          SELECT least(
            (SELECT recorded_at FROM audit.entry
             WHERE shard = followed.shard AND journal = 'grants' AND sequence = followed.grants + 1),
            (SELECT recorded_at FROM audit.entry
             WHERE shard = followed.shard AND journal = 'promotions' AND sequence = followed.promotions + 1)
          ) AS first OFFSET 0) AS start, LATERAL (
          SELECT journal, sequence, recorded_at FROM audit.entry
          WHERE shard = followed.shard AND merchant_id = followed.merchant_id AND recorded_at >= first
            AND sequence > CASE journal WHEN 'grants' THEN grants ELSE promotions END
          ORDER BY recorded_at, journal, sequence LIMIT $5) AS entry
      ORDER BY number, recorded_at, journal, sequence`,
    values: [
      followed.map(({ shard }) => shard),
      followed.map(({ merchantId }) => merchantId),
      followed.map(({ behind }) => behind.grants),
      followed.map(({ behind }) => behind.promotions),
      limit,
    ],
  });
  const entries: ToldEntry[][] = followed.map(() => []);
  for (const [i, entry] of (await readToldEntries(db, rows)).entries())
    entries[Number(rows[i]!.number) - 1]!.push(entry);
  return entries;
}

import { JOURNALS } from '../entry.js';
import type { Finding } from '../verify.js';
import type { Pool } from './pool.js';

const TABLES = [
  'shard_head',
  'journal_batch',
  'entry',
  'posting',
  'lot',
  'lot_use',
  'merchant_balance',
  'shard_balance',
];
/** Those that name a journal, and do not constrain which. */
const OF_JOURNALS = ['journal_batch', 'posting'];

const OUTSIDE = `
  WITH known AS (SELECT shard_count FROM installation)
  ${TABLES.map(
    (table) =>
      `(SELECT '${table}' AS "table", shard, 'shard ' || shard AS place FROM ${table}, known
        WHERE shard < 0 OR shard >= shard_count LIMIT 1)`,
  ).join(' UNION ALL ')}
  UNION ALL
  ${OF_JOURNALS.map(
    (table) =>
      `(SELECT '${table}', shard, 'journal ' || journal || ' of shard ' || shard
        FROM known, generate_series(0, shard_count - 1) AS shards (shard), LATERAL (
          SELECT journal FROM ${table}
          WHERE ${table}.shard = shards.shard AND (${betweenJournals()}) LIMIT 1) AS other)`,
  ).join(' UNION ALL ')}`;

/** Finds rows in shards and journals that there are not, which nobody would read. */
export async function verifyOutside(pool: Pool): Promise<Finding[]> {
  const { rows } = await pool.query<{
    table: string;
    shard: number;
    place: string;
  }>(OUTSIDE);
  return rows.map(({ table, shard, place }) => ({
    shard,
    entryId: null,
    problem: `${table} has rows in ${place}, which there is not`,
  }));
}

/** As ranges, so that the primary key finds them and the journals are not read through. */
function betweenJournals(): string {
  const [first, second] = JOURNALS;
  return `journal < '${first}' OR (journal > '${first}' AND journal < '${second}') OR journal > '${second}'`;
}

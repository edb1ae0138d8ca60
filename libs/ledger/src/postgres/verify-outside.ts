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
  'entry_event',
  'merchant_balance',
  'shard_balance',
  'shard_balance_at',
];
/** Those that name a journal, and do not constrain which. */
const OF_JOURNALS = ['journal_batch', 'posting', 'shard_balance_at'];

// The least and the most of each table, and ranges, one by one: the primary keys find them, and nothing is read through.
const OUTSIDE = `
  WITH known AS (SELECT shard_count FROM installation)
  ${TABLES.flatMap((table) =>
    ['min', 'max'].map(
      (extreme) =>
        `SELECT '${table}' AS "table", shard, 'shard ' || shard AS place
         FROM known, (SELECT ${extreme}(shard) AS shard FROM ${table}) AS extreme
         WHERE shard < 0 OR shard >= shard_count`,
    ),
  ).join(' UNION ')}
  UNION
  ${OF_JOURNALS.map(
    (table) =>
      `SELECT '${table}', shard, 'journal ' || journal || ' of shard ' || shard
       FROM known, generate_series(0, shard_count - 1) AS shards (shard), LATERAL (
         ${rangesBetweenJournals()
           .map(
             (range) => `
               (SELECT journal FROM ${table} WHERE shard = shards.shard::smallint AND ${range}
                ORDER BY journal LIMIT 1)`,
           )
           .join(' UNION ALL ')}) AS other`,
  ).join(' UNION ')}
  ORDER BY 1, 2`;

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

function rangesBetweenJournals(): string[] {
  const [first, second] = JOURNALS;
  return [
    `journal < '${first}'`,
    `journal > '${first}' AND journal < '${second}'`,
    `journal > '${second}'`,
  ];
}

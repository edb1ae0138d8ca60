import { entryId, type Finding, type Journal } from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import type { SealedHead } from '../block.js';
import { rangesOf, type SealCursors } from '../order.js';
import { SealError } from '../seal-error.js';
import { readRanges, type StoredBlock } from './sealed.js';
import { told } from './verify-balances.js';

/**
 * Whether the leaf of a block says what the ledger has of it.
 *
 * @param cursors up to where the blocks ahead have sealed
 */
export async function* checkBlock(
  db: Queryable,
  block: StoredBlock,
  cursors: SealCursors,
  ledgerShards: number,
): AsyncGenerator<Finding> {
  const { number, shardCount } = block;
  if (shardCount !== ledgerShards)
    yield told(
      `block ${number} is of ${shardCount} shards, but the ledger has ${ledgerShards}`,
    );
  try {
    const { ranges: said, entryCount } = rangesOf(block, cursors);
    if (entryCount !== block.entryCount)
      yield told(
        `block ${number} counts ${block.entryCount} entries, but its heads bring ${entryCount}`,
      );
    const kept = await readRanges(db, number);
    if (JSON.stringify(said, inJson) !== JSON.stringify(kept, inJson))
      yield told(
        `block ${number} does not have the entries that sealed_range says`,
      );
    yield* await checkHashes(db, block);
    yield* await checkConsumed(db, block);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    yield told(error.message);
  }
}

/** Whoever recomputes a journal from its entries comes to the hashes that the block says. */
async function checkHashes(
  db: Queryable,
  { heads, number }: StoredBlock,
): Promise<Finding[]> {
  const { rows } = await db.query<JournalOfShard & { sequence: bigint }>({
    name: 'verify-sealed-hashes',
    text: `
      SELECT shard, journal, sequence
      FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::bytea[])
        AS head (shard, journal, sequence, said) JOIN entry USING (shard, journal, sequence)
      WHERE hash <> said`,
    values: [...placesOf(heads), heads.map(({ hash }) => hash)],
  });
  return rows.map(({ shard, journal, sequence }) => {
    const id = entryId(journal, shard, sequence);
    const problem = `block ${number} says another hash of ${id} than it has`;
    return { shard, entryId: id, problem };
  });
}

/** What a journal had consumed when the block was made: an event that was left out lies below it. */
async function checkConsumed(
  db: Queryable,
  { heads, number }: StoredBlock,
): Promise<Finding[]> {
  const { rows } = await db.query<JournalOfShard>({
    name: 'verify-consumed',
    text: `
      SELECT head.shard, head.journal
      FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::jsonb[])
        AS head (shard, journal, sequence, consumed)
      WHERE NOT EXISTS (
        SELECT FROM journal_batch AS batch
        WHERE batch.shard = head.shard AND batch.journal = head.journal
          AND batch.sequence = head.sequence AND batch.consumed = head.consumed)`,
    values: [
      ...placesOf(heads),
      heads.map(({ consumed }) => JSON.stringify(consumed, inJson)),
    ],
  });
  return rows.map(({ shard, journal }) => ({
    shard,
    entryId: null,
    problem: `no batch of ${journal}-${shard} had consumed what block ${number} says`,
  }));
}

interface JournalOfShard {
  shard: number;
  journal: Journal;
}

/** By column: shards, journals and sequences of the last entries. */
function placesOf(heads: readonly SealedHead[]): unknown[][] {
  return [
    heads.map(({ shard }) => shard),
    heads.map(({ journal }) => journal),
    heads.map(({ sequence }) => sequence),
  ];
}

// Blocks have no gap, so the least and the most of each table tell of others: keys find them, and nothing is read through.
const OUTSIDE = `
  WITH named AS (
    SELECT 'sealed_range' AS "table", min(block) AS first, max(block) AS last FROM sealed_range
    UNION ALL
    SELECT 'sealed_balances', min(first), max(last) FROM generate_series(0, $1 - 1) AS shards (shard), LATERAL (
      SELECT min(block) AS first, max(block) AS last FROM sealed_balances WHERE shard = shards.shard::smallint) AS own
  ), sealed AS (
    SELECT coalesce(max(block), -1) AS last FROM sealed_block
  )
  SELECT "table", CASE WHEN first < 0 THEN first ELSE named.last END AS block
  FROM named, sealed WHERE first < 0 OR named.last > sealed.last`;

/** Finds what is said to be sealed in blocks that there are not, which nobody else would look at. */
export async function checkOutside(
  db: Queryable,
  ledgerShards: number,
): Promise<Finding[]> {
  const { rows } = await db.query<{ table: string; block: bigint }>({
    name: 'verify-sealed-outside',
    text: OUTSIDE,
    values: [ledgerShards],
  });
  return rows.map(({ table, block }) =>
    told(`${table} has rows of block ${block}, which there is not`),
  );
}

function inJson(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

import { EMPTY_CHAIN, entryId, JOURNALS, type Journal } from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import { decodeBlock, type Block } from '../block.js';
import { SealCursors, type SealedRange } from '../order.js';
import { SealError } from '../seal-error.js';

/** A block as it is stored, with the leaf that is in the log for it. */
export interface StoredBlock extends Block {
  /** Of its own leaf, the last one of the block. */
  position: number;
  leaf: Buffer;
}

/** How far the ledger is sealed. */
export interface SealedEnd {
  /** The number of blocks. */
  blocks: number;
  /** The number of positions. */
  size: number;
  /** Of the last block, milliseconds since the epoch; 0 where there is none. */
  sealedAtMs: number;
}

export async function readSealedEnd(db: Queryable): Promise<SealedEnd> {
  const last = await readLastBlock(db);
  return last
    ? {
        blocks: last.number + 1,
        size: last.position + 1,
        sealedAtMs: last.sealedAtMs,
      }
    : { blocks: 0, size: 0, sealedAtMs: 0 };
}

/** The last block; with `before`, the last one of those whose leaf is ahead of that position. */
export async function readLastBlock(
  db: Queryable,
  before?: number,
): Promise<StoredBlock | null> {
  const { rows } = await db.query<BlockRow>({
    name: 'read-last-block',
    text: `
      SELECT position, leaf FROM sealed_block
      WHERE position < $1 ORDER BY position DESC LIMIT 1`,
    values: [before ?? Number.MAX_SAFE_INTEGER],
  });
  return rows[0] ? storedBlock(rows[0]) : null;
}

/** The block of a number; null where it is not sealed yet. */
export async function readBlock(
  db: Queryable,
  number: number,
): Promise<StoredBlock | null> {
  const { rows } = await db.query<BlockRow>({
    name: 'read-block',
    text: 'SELECT position, leaf FROM sealed_block WHERE block = $1',
    values: [number],
  });
  return rows[0] ? storedBlock(rows[0]) : null;
}

/**
 * The number of the first block that was sealed at a time, milliseconds since the epoch, or later; where none was, the
 * number that the next block will have.
 */
export async function firstBlockSealedFrom(
  db: Queryable,
  timeMs: number,
): Promise<number> {
  let number = 0;
  // Times never go back from block to block, so a few blocks of millions have to be looked at.
  for (let end = (await readSealedEnd(db)).blocks; number < end;) {
    const middle = Math.floor((number + end) / 2);
    const block = await readBlock(db, middle);
    if (block!.sealedAtMs >= timeMs) end = middle;
    else number = middle + 1;
  }
  return number;
}

/** Blocks with positions from `position` on, in order, at most `limit`. */
export async function readBlocks(
  db: Queryable,
  position: number,
  limit: number,
): Promise<StoredBlock[]> {
  const { rows } = await db.query<BlockRow>({
    name: 'read-blocks',
    text: `
      SELECT position, leaf FROM sealed_block
      WHERE position >= $1 ORDER BY position LIMIT $2`,
    values: [position, limit],
  });
  return rows.map(storedBlock);
}

interface BlockRow {
  position: bigint;
  leaf: Buffer;
}

function storedBlock({ position, leaf }: BlockRow): StoredBlock {
  return { ...decodeBlock(leaf), position: Number(position), leaf };
}

/** What a block has of each journal, in its order. */
export async function readRanges(
  db: Queryable,
  block: number,
): Promise<SealedRange[]> {
  const { rows } = await db.query<RangeRow & { hash_ahead: Buffer | null }>({
    name: 'read-ranges',
    text: `
      SELECT range.*, ahead.last_hash AS hash_ahead
      FROM sealed_range AS range LEFT JOIN sealed_range AS ahead
        ON ahead.shard = range.shard AND ahead.journal = range.journal
          AND ahead.last_sequence = range.first_sequence - 1
      WHERE range.block = $1 ORDER BY range.first_position`,
    values: [block],
  });
  return rows.map(({ hash_ahead, ...row }) => {
    if (!hash_ahead && row.first_sequence > 1n)
      throw new SealError(
        `block ${block} begins with ${entryId(row.journal, row.shard, row.first_sequence)}, but what is ahead of it is not sealed`,
      );
    return {
      shard: row.shard,
      journal: row.journal,
      firstSequence: row.first_sequence,
      lastSequence: row.last_sequence,
      hashAhead: hash_ahead ?? EMPTY_CHAIN.hash,
      lastHash: row.last_hash,
      firstPosition: Number(row.first_position),
      block,
    };
  });
}

interface RangeRow {
  shard: number;
  journal: Journal;
  first_sequence: bigint;
  last_sequence: bigint;
  last_hash: Buffer;
  first_position: bigint;
  block: bigint;
}

/** Up to where each journal of each shard is sealed. */
export async function readCursors(
  db: Queryable,
  shardCount: number,
): Promise<SealCursors> {
  const { rows } = await db.query<RangeRow>({
    name: 'read-seal-cursors',
    // From the end of each journal: the primary key finds it, however many blocks there are.
    text: `
      SELECT range.* FROM generate_series(0, $1 - 1) AS shards (shard), unnest($2::text[]) AS journals (journal),
        LATERAL (
          SELECT * FROM sealed_range AS sealed
          WHERE sealed.shard = shards.shard::smallint AND sealed.journal = journals.journal
          ORDER BY last_sequence DESC LIMIT 1) AS range`,
    values: [shardCount, JOURNALS],
  });
  const cursors = new SealCursors();
  for (const { journal, shard, last_sequence, last_hash } of rows)
    cursors.set(journal, shard, { sequence: last_sequence, hash: last_hash });
  return cursors;
}

/**
 * By shard, the root over its balances after the last block that moved it; shards without one are left out.
 *
 * @param block the last one that counts; all do, by default
 */
export async function readBalanceRoots(
  db: Queryable,
  shardCount: number,
  block = Number.MAX_SAFE_INTEGER,
): Promise<Map<number, Buffer>> {
  const { rows } = await db.query<{ shard: number; root: Buffer }>({
    name: 'read-balance-roots',
    text: `
      SELECT last.shard, last.root FROM generate_series(0, $1 - 1) AS shards (shard),
        LATERAL (
          SELECT shard, root FROM sealed_balances AS sealed
          WHERE sealed.shard = shards.shard::smallint AND block <= $2 ORDER BY block DESC LIMIT 1) AS last`,
    values: [shardCount, block],
  });
  return new Map(rows.map(({ shard, root }) => [shard, root]));
}

/** Where an entry is in the log; null where it is not sealed yet. */
export async function readPosition(
  db: Queryable,
  journal: Journal,
  shard: number,
  sequence: bigint,
): Promise<{ position: number; block: number } | null> {
  const { rows } = await db.query<RangeRow>({
    name: 'read-position',
    text: `
      SELECT * FROM sealed_range
      WHERE shard = $1 AND journal = $2 AND last_sequence >= $3
      ORDER BY last_sequence LIMIT 1`,
    values: [shard, journal, sequence],
  });
  const [range] = rows;
  if (!range || sequence < range.first_sequence) return null;
  const position = range.first_position + sequence - range.first_sequence;
  return { position: Number(position), block: Number(range.block) };
}

/** What is at a position of the log. */
export type SealedPlace =
  | { kind: 'entry'; block: number; range: SealedRange; sequence: bigint }
  | { kind: 'block'; block: StoredBlock };

/** What is at a position; null where the log is not that long. */
export async function readPlace(
  db: Queryable,
  position: number,
): Promise<SealedPlace | null> {
  const [block] = await readBlocks(db, position, 1);
  if (!block || position < 0) return null;
  if (block.position === position) return { kind: 'block', block };
  const ranges = await readRanges(db, block.number);
  const range = ranges.findLast((each) => each.firstPosition <= position);
  if (!range) return null;
  const sequence = range.firstSequence + BigInt(position - range.firstPosition);
  return { kind: 'entry', block: block.number, range, sequence };
}

/** A checkpoint that was published. */
export interface StoredCheckpoint {
  size: number;
  root: Buffer;
  /** Signed, as it was published. */
  note: string;
  publishedAt: Date;
}

/** The last checkpoint; with `size`, the first one that covers as many positions. */
export async function readCheckpoint(
  db: Queryable,
  size?: number,
): Promise<StoredCheckpoint | null> {
  const { rows } = await db.query<{
    size: bigint;
    root: Buffer;
    note: string;
    published_at: Date;
  }>(
    size === undefined
      ? `SELECT * FROM checkpoint ORDER BY size DESC LIMIT 1`
      : {
          text: `SELECT * FROM checkpoint WHERE size >= $1 ORDER BY size LIMIT 1`,
          values: [size],
        },
  );
  const [row] = rows;
  return row
    ? {
        size: Number(row.size),
        root: row.root,
        note: row.note,
        publishedAt: row.published_at,
      }
    : null;
}

/** The number of entries that are committed, sealed or not. */
export async function countCommitted(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>(
    'SELECT coalesce(sum(sequence), 0) AS count FROM shard_head',
  );
  return Number(rows[0]!.count);
}

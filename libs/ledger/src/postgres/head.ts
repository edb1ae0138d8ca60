import { DatabaseError } from 'pg';
import { EMPTY_CHAIN, type ChainTip } from '../chain.js';
import type { Journal } from '../entry.js';
import type { Pool } from './pool.js';
import type { Statement } from './statement.js';

/** A journal's head in one shard: how many commits, its last entry, and what it has consumed of each source. */
export interface JournalHead {
  revision: bigint;
  consumed: Readonly<Record<string, bigint>>;
  tip: ChainTip;
}

export async function readJournalHead(
  pool: Pool,
  journal: Journal,
  shard: number,
): Promise<JournalHead> {
  const { rows } = await pool.query<{
    revision: bigint;
    sequence: bigint;
    hash: Buffer;
    consumed: Record<string, number>;
    recorded_at: Date;
  }>({
    name: 'read-head',
    text: `SELECT revision, sequence, hash, consumed, recorded_at FROM shard_head WHERE shard = $1 AND journal = $2`,
    values: [shard, journal],
  });
  const [row] = rows;
  if (!row) return { revision: 0n, consumed: {}, tip: EMPTY_CHAIN };
  return {
    revision: row.revision,
    consumed: positionsFromJson(row.consumed),
    tip: {
      sequence: row.sequence,
      hash: row.hash,
      recordedAtMs: row.recorded_at.getTime(),
    },
  };
}

export interface HeadMove {
  journal: Journal;
  shard: number;
  from: JournalHead;
  to: Omit<JournalHead, 'revision'>;
  /** The time that a timer's tick brought in, where one did. */
  tickedAtMs: number | null;
}

/**
 * What moves the head by compare-and-set on its revision and on what it had consumed, and records the batch. Where the
 * stored head is another, the batch has no revision, and the database refuses it: see {@link isHeadElsewhere}.
 */
export function moveHead(move: HeadMove): Statement {
  const { journal, shard, from, to, tickedAtMs } = move;
  const { sequence, hash, recordedAtMs } = to.tip;
  const isFirst = from.revision === 0n;
  return {
    name: isFirst ? 'make-head' : 'move-head',
    text: `WITH moved AS (${isFirst ? MAKE_HEAD : MOVE_HEAD} RETURNING revision) ${RECORD_BATCH}`,
    values: [
      shard,
      journal,
      from.revision + 1n,
      sequence,
      hash,
      positionsToJson(to.consumed),
      new Date(recordedAtMs),
      tickedAtMs === null ? null : new Date(tickedAtMs),
      ...(isFirst ? [] : [from.revision, positionsToJson(from.consumed)]),
    ],
  };
}

const MAKE_HEAD = `
  INSERT INTO shard_head (shard, journal, revision, sequence, hash, consumed, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT DO NOTHING`;

const MOVE_HEAD = `
  UPDATE shard_head SET revision = $3, sequence = $4, hash = $5, consumed = $6, recorded_at = $7
  WHERE shard = $1 AND journal = $2 AND revision = $9 AND consumed = $10`;

const RECORD_BATCH = `
  INSERT INTO journal_batch (shard, journal, revision, sequence, consumed, ticked_at, recorded_at)
  VALUES ($1, $2, (SELECT revision FROM moved), $4, $6, $8, $7)`;

const NOT_NULL_VIOLATION = '23502';

/** Whether a statement of {@link moveHead} failed since another writer has moved the head. */
export function isHeadElsewhere(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === NOT_NULL_VIOLATION &&
    error.table?.startsWith('journal_batch') === true &&
    error.column === 'revision'
  );
}

// Positions are JSON numbers, for tools that read the table; they count messages, far below 2^53.
function positionsToJson(positions: Readonly<Record<string, bigint>>): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(positions).map(([source, at]) => [source, Number(at)]),
    ),
  );
}

function positionsFromJson(
  json: Record<string, number>,
): Record<string, bigint> {
  return Object.fromEntries(
    Object.entries(json).map(([source, at]) => [source, BigInt(at)]),
  );
}

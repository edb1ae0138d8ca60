import { entryId, JOURNALS, type Cut, type Journal } from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import { EMPTY_ROOT, type TreeHead } from '@app/transparency';
import { SealError } from '../seal-error.js';
import {
  firstBlockSealedFrom,
  readBlock,
  readLastBlock,
  readPosition,
} from './sealed.js';

/** A checkpoint with its note; of size 0 there is none. */
export interface NotedHead extends TreeHead {
  note: string | null;
}

/** The part of the log that has all entries between two cuts, from one checkpoint to another. */
export interface ClosedSpan {
  opening: NotedHead;
  closing: NotedHead;
}

/** When the blocks at the ends of a span are to have been sealed, milliseconds since the epoch. */
export interface SealTimes {
  /** The first block by then: so all that is ahead of the span was recorded by then. */
  firstByMs: number;
  /** The last block then or later: so all that was recorded by then is ahead of the span's end. */
  lastFromMs: number;
}

/**
 * Finds the checkpoints around all entries between two cuts, as near as there are: entries from before and after may
 * be within them too. The blocks between them show by when they were sealed that nothing is left out: the first is of
 * `firstByMs` or before, unless the span begins with the log, and the last of `lastFromMs` or later.
 *
 * @throws SealError where entries between the cuts are not under a checkpoint yet, or no block was sealed late enough
 */
export async function spanBetween(
  db: Queryable,
  from: Cut,
  to: Cut,
  { firstByMs, lastFromMs }: SealTimes,
): Promise<ClosedSpan> {
  const { first, end } = await positionsBetween(db, from, to);
  const opening = await readHead(
    db,
    'size <= $1 ORDER BY size DESC',
    Math.min(first, await lastBlockBy(db, firstByMs)),
  );
  const size = Math.max(end, 1 + (await firstBlockFrom(db, lastFromMs)));
  const closing = await readHead(db, 'size >= $1 ORDER BY size', size);
  if (!closing)
    throw new SealError(
      `no checkpoint is of ${size} positions yet: try again in a moment`,
    );
  return { opening: opening ?? NO_HEAD, closing };
}

const NO_HEAD: NotedHead = { size: 0, root: EMPTY_ROOT, note: null };

/** The position of the first entry between the cuts, Infinity where there is none, and the one behind all up to `to`. */
async function positionsBetween(
  db: Queryable,
  from: Cut,
  to: Cut,
): Promise<{ first: number; end: number }> {
  let first = Infinity;
  let end = 0;
  for (const [shard, until] of to.shards)
    for (const journal of JOURNALS) {
      if (until[journal] === 0n) continue;
      const last = await positionOf(db, journal, shard, until[journal]);
      end = Math.max(end, last + 1);
      const before = from.shards.get(shard)?.[journal] ?? 0n;
      if (until[journal] > before)
        first = Math.min(
          first,
          await positionOf(db, journal, shard, before + 1n),
        );
    }
  return { first, end };
}

/** The position of the last block that was sealed at a time or before; 0, where the log begins, if none was. */
async function lastBlockBy(db: Queryable, timeMs: number): Promise<number> {
  const next = await firstBlockSealedFrom(db, timeMs + 1);
  return next === 0 ? 0 : (await readBlock(db, next - 1))!.position;
}

/** The position of the first block that was sealed at a time or later. @throws SealError where none was */
async function firstBlockFrom(db: Queryable, timeMs: number): Promise<number> {
  const block = await readBlock(db, await firstBlockSealedFrom(db, timeMs));
  if (block) return block.position;
  const last = await readLastBlock(db);
  const sealed = last
    ? `the last block was sealed at ${new Date(last.sealedAtMs).toISOString()}`
    : 'nothing is sealed yet';
  throw new SealError(
    `${sealed}, and only a block of ${new Date(timeMs).toISOString()} or later shows that nothing is missing: a sealer that runs seals one every ten minutes at least`,
  );
}

async function positionOf(
  db: Queryable,
  journal: Journal,
  shard: number,
  sequence: bigint,
): Promise<number> {
  const place = await readPosition(db, journal, shard, sequence);
  if (!place)
    throw new SealError(
      `${entryId(journal, shard, sequence)} is not sealed yet: try again in a moment`,
    );
  return place.position;
}

async function readHead(
  db: Queryable,
  condition: string,
  size: number,
): Promise<NotedHead | null> {
  const { rows } = await db.query<{ size: bigint; root: Buffer; note: string }>(
    `SELECT size, root, note FROM checkpoint WHERE ${condition} LIMIT 1`,
    [size],
  );
  const [row] = rows;
  return row ? { ...row, size: Number(row.size) } : null;
}

import { entryId, JOURNALS, type Cut, type Journal } from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import { EMPTY_ROOT, type TreeHead } from '@app/transparency';
import { SealError } from '../seal-error.js';
import { readPosition } from './sealed.js';

/** A checkpoint with its note; of size 0 there is none. */
export interface NotedHead extends TreeHead {
  note: string | null;
}

/** The part of the log that has all entries between two cuts, from one checkpoint to another. */
export interface ClosedSpan {
  opening: NotedHead;
  closing: NotedHead;
}

/**
 * Finds the checkpoints around all entries between two cuts, as near as there are: entries from before and after may
 * be within them too.
 *
 * @throws SealError where entries between the cuts are not under a checkpoint yet, or nothing was ever sealed
 */
export async function spanBetween(
  db: Queryable,
  from: Cut,
  to: Cut,
): Promise<ClosedSpan> {
  let first = Infinity;
  let end = 0;
  for (const [shard, until] of to.shards)
    for (const journal of JOURNALS) {
      const before = from.shards.get(shard)?.[journal] ?? 0n;
      if (until[journal] <= before) continue;
      first = Math.min(
        first,
        await positionOf(db, journal, shard, before + 1n),
      );
      end = Math.max(
        end,
        1 + (await positionOf(db, journal, shard, until[journal])),
      );
    }
  const closing = await readHead(db, 'size >= $1 ORDER BY size', end);
  if (!closing)
    throw new SealError(
      end === 0
        ? 'nothing is sealed yet'
        : `no checkpoint is of ${end} positions yet: try again in a moment`,
    );
  const opening = await readHead(
    db,
    'size <= $1 ORDER BY size DESC',
    Math.min(first, closing.size),
  );
  return { opening: opening ?? NO_HEAD, closing };
}

const NO_HEAD: NotedHead = { size: 0, root: EMPTY_ROOT, note: null };

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

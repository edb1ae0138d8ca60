import { EMPTY_CHAIN, type ChainTip } from '../chain.js';
import type { Journal } from '../entry.js';
import type { Pool, PoolClient } from './pool.js';

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
 * Moves the head by compare-and-set on its revision and on what it had consumed, and records the batch.
 *
 * @returns the new head; null where the stored head is another, and then nothing is written
 */
export async function moveHead(
  client: PoolClient,
  move: HeadMove,
): Promise<JournalHead | null> {
  const { journal, shard, from, to, tickedAtMs } = move;
  const { sequence, hash, recordedAtMs } = to.tip;
  const recordedAt = new Date(recordedAtMs);
  const revision = from.revision + 1n;
  const consumed = positionsToJson(to.consumed);
  const moved =
    from.revision === 0n
      ? await client.query({
          name: 'make-head',
          text: `
            INSERT INTO shard_head (shard, journal, revision, sequence, hash, consumed, recorded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING`,
          values: [
            shard,
            journal,
            revision,
            sequence,
            hash,
            consumed,
            recordedAt,
          ],
        })
      : await client.query({
          name: 'move-head',
          text: `
            UPDATE shard_head SET revision = $3, sequence = $4, hash = $5, consumed = $6, recorded_at = $7
            WHERE shard = $1 AND journal = $2 AND revision = $8 AND consumed = $9`,
          values: [
            shard,
            journal,
            revision,
            sequence,
            hash,
            consumed,
            recordedAt,
            from.revision,
            positionsToJson(from.consumed),
          ],
        });
  if (moved.rowCount !== 1) return null;
  await client.query({
    name: 'record-batch',
    text: `
      INSERT INTO journal_batch (shard, journal, revision, sequence, consumed, ticked_at, recorded_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      shard,
      journal,
      revision,
      sequence,
      consumed,
      tickedAtMs === null ? null : new Date(tickedAtMs),
      recordedAt,
    ],
  });
  return { revision, ...to };
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

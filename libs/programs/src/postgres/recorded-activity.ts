import { TOPICS } from '@app/contracts';
import {
  inTransaction,
  type Pool,
  type PoolClient,
} from '@app/ledger/postgres';
import type { ActivityInput } from '../count/count.js';
import { eventOf, type EventRow } from './event-row.js';

/** Rows that are in memory at a time. */
const PAGE = 2_000;

/** A shard's accepted activity, as it stood at one moment. */
export interface ShardActivity {
  /** Merchants whose activity may have to be counted anew: see `recountsNeeded`. */
  recounted: ReadonlySet<string>;
  /** All events, in the order of their arrival; page by page. They know no source and id any more. */
  pages: AsyncIterable<ActivityInput[]>;
}

export interface ReadingBounds {
  /** What happened before this instant: milliseconds since the epoch, or `Infinity`. */
  untilMs: number;
  /** The longest that a statement may take; 0 for any time. */
  statementTimeoutMs: number;
}

/** How many events there are. */
export function countActivity(
  pool: Pool,
  { untilMs, statementTimeoutMs }: ReadingBounds,
): Promise<number> {
  return inTransaction(pool, async (client) => {
    await readOnly(client, statementTimeoutMs);
    const { rows } = await client.query<{ events: bigint }>(
      `SELECT count(*) AS events FROM activity WHERE occurred_at < ${INSTANT}`,
      [instant(untilMs)],
    );
    return Number(rows[0]!.events);
  });
}

/** Hands out what a shard accepted. In one transaction that can write nothing. */
export function withShardActivity(
  pool: Pool,
  shard: number,
  { untilMs, statementTimeoutMs }: ReadingBounds,
  use: (activity: ShardActivity) => Promise<void>,
): Promise<void> {
  return inTransaction(pool, async (client) => {
    await readOnly(client, statementTimeoutMs);
    const recounted = await readRecounted(client, shard, untilMs);
    await use({ recounted, pages: readPages(client, shard, untilMs) });
  });
}

/** One moment for all that is read. */
async function readOnly(
  client: PoolClient,
  statementTimeoutMs: number,
): Promise<void> {
  await client.query(
    'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
  );
  await client.query(`SET LOCAL statement_timeout = ${statementTimeoutMs}`);
  // All of the rows are fetched.
  await client.query('SET LOCAL cursor_tuple_fraction = 1');
}

/**
 * Those who were flagged, or a session of theirs; and those of whom a stream's start or end came out of turn, also where
 * nothing names the stream: see `mayCountOtherwise`.
 */
async function readRecounted(
  client: PoolClient,
  shard: number,
  untilMs: number,
): Promise<Set<string>> {
  const { rows } = await client.query<{ merchant_id: string }>(
    `WITH naming AS (
       SELECT merchant_id, data ->> 'sessionId' AS session_id, min(kafka_offset) AS first, max(occurred_at) AS latest
       FROM activity
       WHERE shard = $2 AND occurred_at < ${INSTANT} AND type IN ('order.paid', 'follower.gained')
         AND data ->> 'sessionId' IS NOT NULL
       GROUP BY 1, 2
     ), streams AS (
       SELECT merchant_id, data ->> 'sessionId' AS session_id, type, occurred_at, kafka_offset,
         count(*) OVER (PARTITION BY merchant_id, data ->> 'sessionId', type) > 1 AS is_told_twice,
         min(kafka_offset) FILTER (WHERE type = 'live.ended')
           OVER (PARTITION BY merchant_id, data ->> 'sessionId') AS first_end
       FROM activity
       WHERE shard = $2 AND occurred_at < ${INSTANT} AND type IN ('live.started', 'live.ended')
     )
     SELECT merchant_id FROM activity
     WHERE shard = $2 AND occurred_at < ${INSTANT} AND type = 'risk.flagged'
       AND data -> 'target' ->> 'kind' IN ('session', 'merchant')
     UNION
     SELECT merchant_id FROM streams LEFT JOIN naming USING (merchant_id, session_id)
     WHERE is_told_twice
       OR type = 'live.started' AND kafka_offset > least(first, first_end)
       OR type = 'live.ended' AND kafka_offset > first AND latest >= occurred_at`,
    [instant(untilMs), shard],
  );
  return new Set(rows.map(({ merchant_id }) => merchant_id));
}

async function* readPages(
  client: PoolClient,
  shard: number,
  untilMs: number,
): AsyncGenerator<ActivityInput[]> {
  await client.query(
    `DECLARE arrivals NO SCROLL CURSOR FOR
     SELECT merchant_id, type, occurred_at, data, kafka_offset FROM activity
     WHERE shard = $2 AND occurred_at < ${INSTANT} ORDER BY kafka_offset`,
    [instant(untilMs), shard],
  );
  for (;;) {
    const { rows } = await client.query<EventRow & { kafka_offset: bigint }>(
      `FETCH ${PAGE} FROM arrivals`,
    );
    if (rows.length === 0) return;
    yield rows.map((row) => ({
      event: eventOf(row),
      reference: {
        topic: TOPICS.activity,
        partition: shard,
        offset: String(row.kafka_offset),
        source: '',
        id: '',
      },
    }));
  }
}

const INSTANT = '$1::timestamptz';

function instant(ms: number): Date | 'infinity' {
  return ms === Infinity ? 'infinity' : new Date(ms);
}

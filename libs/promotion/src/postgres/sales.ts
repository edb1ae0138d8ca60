import type { Placement } from '@app/contracts';
import type { Queryable } from '@app/ledger/postgres';
import {
  DAY_MS,
  DAYS_OF_A_VIDEO,
  endOfDayMs,
  startOfDayMs,
  type Period,
  type Sales,
} from '../index.js';

interface Merchant {
  shard: number;
  merchantId: string;
}

/**
 * What a merchant sold in a period, from the activity that was accepted: all that is remembered of theirs is looked
 * through, of the quarters that the period is in. Orders without a session or a video are nobody's and left out;
 * refunds are not taken off.
 */
export async function readSales(
  db: Queryable,
  merchant: Merchant,
  { from, to }: Period,
): Promise<Sales> {
  const fromMs = startOfDayMs(from);
  const toMs = endOfDayMs(to);
  const newFromMs = fromMs - (DAYS_OF_A_VIDEO - 1) * DAY_MS;
  return {
    sessions: await readEnded(db, merchant, fromMs, toMs),
    videos: await readPublished(db, merchant, newFromMs, toMs),
    sold: await readSold(db, merchant, fromMs, toMs),
  };
}

async function readEnded(
  db: Queryable,
  { shard, merchantId }: Merchant,
  fromMs: number,
  toMs: number,
): Promise<Sales['sessions']> {
  const { rows } = await db.query<{ id: string; seconds: string }>({
    name: 'read-ended-sessions',
    // Of two ends of a session the later holds, as in the programs.
    text: `
      SELECT DISTINCT ON (data ->> 'sessionId') data ->> 'sessionId' AS id, data ->> 'durationSeconds' AS seconds
      FROM activity
      WHERE shard = $1 AND merchant_id = $2 AND type = 'live.ended' AND occurred_at >= $3 AND occurred_at < $4
      ORDER BY data ->> 'sessionId', occurred_at DESC, (data ->> 'durationSeconds')::numeric DESC`,
    values: [shard, merchantId, new Date(fromMs), new Date(toMs)],
  });
  return rows.map(({ id, seconds }) => ({
    sessionId: id,
    durationSeconds: Number(seconds),
  }));
}

async function readPublished(
  db: Queryable,
  { shard, merchantId }: Merchant,
  fromMs: number,
  toMs: number,
): Promise<Sales['videos']> {
  const { rows } = await db.query<{ id: string; published_at: Date }>({
    name: 'read-published-videos',
    text: `
      SELECT data ->> 'videoId' AS id, min(occurred_at) AS published_at FROM activity
      WHERE shard = $1 AND merchant_id = $2 AND type = 'video.published' AND (data ->> 'shoppable')::boolean
        AND occurred_at >= $3 AND occurred_at < $4
      GROUP BY 1 ORDER BY 2, 1`,
    values: [shard, merchantId, new Date(fromMs), new Date(toMs)],
  });
  return rows.map(({ id, published_at }) => ({
    videoId: id,
    publishedAtMs: published_at.getTime(),
  }));
}

async function readSold(
  db: Queryable,
  { shard, merchantId }: Merchant,
  fromMs: number,
  toMs: number,
): Promise<Sales['sold']> {
  const { rows } = await db.query<{
    day: string;
    placement: Placement;
    target_id: string;
    orders: bigint;
    gmv_minor: string;
  }>({
    name: 'read-sold',
    text: `
      SELECT day::text, placement, target_id, count(DISTINCT about) AS orders, sum(amount_minor) AS gmv_minor
      FROM (
        SELECT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day, about, data ->> 'channel' AS placement,
          CASE data ->> 'channel' WHEN 'live' THEN data ->> 'sessionId'
            WHEN 'short_video' THEN data ->> 'videoId' END AS target_id,
          (data ->> 'amountMinor')::numeric AS amount_minor
        FROM activity
        WHERE shard = $1 AND merchant_id = $2 AND type = 'order.paid' AND occurred_at >= $3 AND occurred_at < $4
      ) AS paid
      WHERE target_id IS NOT NULL
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    values: [shard, merchantId, new Date(fromMs), new Date(toMs)],
  });
  return rows.map(({ day, placement, target_id, orders, gmv_minor }) => ({
    day,
    placement,
    targetId: target_id,
    orders,
    gmvMinor: BigInt(gmv_minor),
  }));
}

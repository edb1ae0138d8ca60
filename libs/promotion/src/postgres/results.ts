import type { Placement } from '@app/contracts';
import type { Entry } from '@app/ledger';
import type { Queryable, Statement } from '@app/ledger/postgres';
import { takenReports, type Period, type PromotionResult } from '../index.js';

/**
 * What keeps results in step with entries of the promotions journal, in their transaction. What a report's order was for
 * is read from the order's entry.
 */
export function addToResults(
  shard: number,
  entries: readonly Entry[],
): Statement[] {
  const reports = takenReports(entries);
  if (reports.length === 0) return [];
  return [
    {
      name: 'add-to-results',
      // OFFSET 0 has each order looked up by its key: where the planner knows no rows of a shard, it would read all.
      text: `
      INSERT INTO promotion_result AS known
        (shard, merchant_id, day, placement, target_id, impressions, clicks, orders, gmv_minor)
      SELECT $1, report.merchant_id, day, cause ->> 'placement',
        coalesce(cause ->> 'sessionId', cause ->> 'videoId'),
        sum(impressions)::bigint, sum(clicks), sum(orders), sum(gmv_minor)
      FROM unnest($2::bigint[], $3::text[], $4::date[], $5::bigint[], $6::numeric[], $7::numeric[], $8::numeric[])
        AS report (ordered_at, merchant_id, day, impressions, clicks, orders, gmv_minor)
      CROSS JOIN LATERAL (
        SELECT cause FROM entry WHERE shard = $1 AND journal = 'promotions' AND sequence = ordered_at OFFSET 0) AS ordered
      GROUP BY 1, 2, 3, 4, 5
      ON CONFLICT (shard, merchant_id, day, placement, target_id) DO UPDATE SET
        impressions = known.impressions + excluded.impressions,
        clicks = known.clicks + excluded.clicks,
        orders = known.orders + excluded.orders,
        gmv_minor = known.gmv_minor + excluded.gmv_minor`,
      values: [
        shard,
        reports.map(({ promotionOrderId }) => sequenceOf(promotionOrderId)),
        reports.map(({ merchantId }) => merchantId),
        reports.map(({ day }) => day),
        reports.map(({ impressions }) => impressions),
        reports.map(({ clicks }) => clicks),
        reports.map(({ orders }) => orders),
        reports.map(({ gmvMinor }) => gmvMinor),
      ],
    },
  ];
}

/** What came of a merchant's promotion in a period, by day, placement and target. */
export async function readResults(
  db: Queryable,
  { shard, merchantId }: { shard: number; merchantId: string },
  { from, to }: Period,
): Promise<PromotionResult[]> {
  const { rows } = await db.query<{
    day: string;
    placement: Placement;
    target_id: string;
    impressions: bigint;
    clicks: string;
    orders: string;
    gmv_minor: string;
  }>({
    name: 'read-results',
    text: `
      SELECT day::text, placement, target_id, impressions, clicks, orders, gmv_minor FROM promotion_result
      WHERE shard = $1 AND merchant_id = $2 AND day BETWEEN $3::date AND $4::date
      ORDER BY day, placement, target_id`,
    values: [shard, merchantId, from, to],
  });
  return rows.map(
    ({ day, placement, target_id, impressions, ...reported }) => ({
      day,
      placement,
      targetId: target_id,
      impressions,
      clicks: BigInt(reported.clicks),
      orders: BigInt(reported.orders),
      gmvMinor: BigInt(reported.gmv_minor),
    }),
  );
}

/** An order has the id of the entry that placed it. */
function sequenceOf(promotionOrderId: string): bigint {
  return BigInt(promotionOrderId.slice(promotionOrderId.lastIndexOf('-') + 1));
}

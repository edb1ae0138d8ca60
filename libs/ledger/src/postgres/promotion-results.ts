/** What came of promotion, as the reports in the promotions journal and the orders that they are of say. */
export const PROMOTION_RESULTS = `
  WITH ordered AS (
    SELECT shard, cause ->> 'promotionOrderId' AS promotion_order_id, cause ->> 'placement' AS placement,
      coalesce(cause ->> 'sessionId', cause ->> 'videoId') AS target_id
    FROM entry WHERE journal = 'promotions' AND cause ->> 'type' = 'promotion_ordered'
  ), spent AS (
    SELECT shard, sequence, sum(amount) AS impressions
    FROM posting WHERE journal = 'promotions' AND starts_with(account, 'spent:') GROUP BY shard, sequence
  ), delivered AS (
    SELECT shard, sequence, merchant_id, (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day, cause,
      cause ->> 'promotionOrderId' AS promotion_order_id
    FROM entry WHERE journal = 'promotions' AND cause ->> 'type' = 'promotion_delivered'
  )
  SELECT shard, merchant_id, day, placement, target_id, coalesce(sum(impressions), 0)::bigint AS impressions,
    sum((cause ->> 'clicks')::numeric) AS clicks, sum((cause ->> 'orders')::numeric) AS orders,
    sum((cause ->> 'gmvMinor')::numeric) AS gmv_minor
  FROM delivered JOIN ordered USING (shard, promotion_order_id) LEFT JOIN spent USING (shard, sequence)
  GROUP BY 1, 2, 3, 4, 5`;

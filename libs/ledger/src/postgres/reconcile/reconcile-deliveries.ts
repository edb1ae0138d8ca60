import type { Placement } from '@app/contracts';
import { entryId } from '../../entry.js';
import {
  deliveryDifferences,
  sumDeliveries,
  type DeliveryDifferenceKind,
  type DeliverySum,
  type OrderLife,
} from '../../reconcile/index.js';
import { spansOf, type SpanQuery } from '../asking/spans.js';
import type { EntryPlace } from '../asking/told-entries.js';
import type { Queryable } from '../queryable.js';

/** Promotion orders that are in memory at a time, and entries looked through for them. */
const ORDERS = 500;
const WINDOW = 5_000n;

export interface DeliveriesQuery extends SpanQuery {
  /** Differences of this kind alone; of all, by default. */
  only?: DeliveryDifferenceKind | undefined;
  /** Differences looked for: the last order may add a few more. */
  differencesMax: number;
  /** Entries looked through. */
  entriesMax: number;
}

export interface DeliveryDifference {
  difference: DeliveryDifferenceKind;
  /** Of the entry that placed the order; where there is none, of the report or the closing. */
  entryId: string;
  /** Null where there is none. */
  order: OrderLife | null;
}

export interface ReconciledDeliveries {
  /** By placement, of the orders that were looked at. */
  sums: DeliverySum[];
  differences: DeliveryDifference[];
  /** Where to go on; null where all was looked at. */
  next: EntryPlace | null;
}

/**
 * Holds what ad delivery reported of promotion orders against what was ordered, reserved, spent and given back, order by
 * order as they were placed: those between two cuts, with all that came of them until now.
 */
export async function reconcileDeliveries(
  db: Queryable,
  { only, differencesMax, entriesMax, ...span }: DeliveriesQuery,
): Promise<ReconciledDeliveries> {
  const sums = new Map<string, DeliverySum>();
  const differences: DeliveryDifference[] = [];
  const found = (next: EntryPlace | null): ReconciledDeliveries => ({
    sums: [...sums.values()].sort((a, b) =>
      a.placement < b.placement ? -1 : 1,
    ),
    differences,
    next,
  });
  let left = BigInt(entriesMax);
  for (const { shard, first, last } of spansOf(span, ['promotions'])) {
    const at = (sequence: bigint): EntryPlace => ({
      shard,
      journal: 'promotions',
      sequence,
    });
    let looked = first;
    while (looked < last) {
      if (left <= 0n) return found(at(looked));
      const end = looked + WINDOW < last ? looked + WINDOW : last;
      const orders = await readOrders(db, shard, looked, end);
      const upTo = orders.length < ORDERS ? end : orders.at(-1)!.sequence;
      const orphans = await readOrphans(db, shard, looked, upTo);
      for (const { sequence, order } of inOrder([...orders, ...orphans])) {
        if (order) sumDeliveries(sums, order);
        for (const difference of order
          ? deliveryDifferences(order)
          : (['no_order'] as const))
          if (only === undefined || difference === only)
            differences.push({
              difference,
              entryId: entryId('promotions', shard, sequence),
              order,
            });
        if (differences.length >= differencesMax) return found(at(sequence));
      }
      left -= upTo - looked;
      looked = upTo;
    }
  }
  return found(null);
}

/** An order, or a report or closing of none. */
interface Told {
  sequence: bigint;
  order: OrderLife | null;
}

function inOrder(told: Told[]): Told[] {
  return told.sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
}

interface OrderRow {
  sequence: bigint;
  merchant_id: string;
  recorded_at: Date;
  promotion_order_id: string;
  placement: Placement;
  target_id: string;
  impressions: string;
  deadline: string;
  reserved: bigint;
  reports: bigint;
  reported: bigint;
  clicks: bigint;
  orders: bigint;
  gmv_minor: bigint;
  closings: bigint;
  closed_because: string | null;
  reports_after_closing: bigint;
  spent: bigint;
  spent_elsewhere: bigint;
  released: bigint;
}

async function readOrders(
  db: Queryable,
  shard: number,
  first: bigint,
  last: bigint,
): Promise<Told[]> {
  const { rows } = await db.query<OrderRow>({
    name: 'reconcile-orders',
    text: LIVES_OF_ORDERS,
    values: [shard, first, last],
  });
  return rows.map((row) => ({
    sequence: row.sequence,
    order: toOrder(shard, row),
  }));
}

/** Orders as they were placed, each with what came of it: looked up by its id. */
export const LIVES_OF_ORDERS = `
  SELECT placed.*, own.reserved, came.*, moved.*
  FROM (
      SELECT sequence, merchant_id, recorded_at, cause ->> 'promotionOrderId' AS promotion_order_id,
        cause ->> 'placement' AS placement, coalesce(cause ->> 'sessionId', cause ->> 'videoId') AS target_id,
        cause ->> 'impressions' AS impressions, cause ->> 'deadline' AS deadline
      FROM audit.entry
      WHERE shard = $1 AND journal = 'promotions' AND sequence > $2 AND sequence <= $3 AND kind = 'reserve'
      ORDER BY sequence LIMIT ${ORDERS}) AS placed, LATERAL (
      SELECT coalesce(sum(amount), 0) AS reserved FROM audit.posting AS told
      WHERE told.shard = $1 AND told.journal = 'promotions' AND told.sequence = placed.sequence
        AND account LIKE 'merchant:%:reserved' OFFSET 0) AS own, LATERAL (
      SELECT coalesce(array_agg(sequence), '{}') AS sequences,
        count(*) FILTER (WHERE kind = 'deliver') AS reports,
        coalesce(sum((cause ->> 'reportedImpressions')::numeric) FILTER (WHERE kind = 'deliver'), 0) AS reported,
        coalesce(sum((cause ->> 'clicks')::numeric), 0) AS clicks,
        coalesce(sum((cause ->> 'orders')::numeric), 0) AS orders,
        coalesce(sum((cause ->> 'gmvMinor')::numeric), 0) AS gmv_minor,
        count(*) FILTER (WHERE kind = 'release') AS closings,
        min(cause ->> 'reason') FILTER (WHERE kind = 'release') AS closed_because,
        count(*) FILTER (WHERE kind = 'deliver' AND sequence > closed) AS reports_after_closing
      FROM (
        SELECT sequence, kind, cause, min(sequence) FILTER (WHERE kind = 'release') OVER () AS closed
        FROM audit.entry AS told
        WHERE told.shard = $1 AND told.journal = 'promotions' AND told.kind IN ('deliver', 'release')
          AND told.cause ->> 'promotionOrderId' = placed.promotion_order_id OFFSET 0) AS entries) AS came, LATERAL (
      SELECT coalesce(sum(amount) FILTER (WHERE account = 'spent:' || placed.placement), 0) AS spent,
        coalesce(sum(amount) FILTER (WHERE account LIKE 'spent:%' AND account <> 'spent:' || placed.placement), 0)
          AS spent_elsewhere,
        coalesce(sum(amount) FILTER (WHERE account LIKE 'merchant:%:available'), 0) AS released
      FROM audit.posting AS told
      WHERE told.shard = $1 AND told.journal = 'promotions' AND told.sequence = ANY (came.sequences)) AS moved
  ORDER BY placed.sequence`;

function toOrder(shard: number, row: OrderRow): OrderLife {
  return {
    promotionOrderId: row.promotion_order_id,
    entryId: entryId('promotions', shard, row.sequence),
    merchantId: row.merchant_id,
    placement: row.placement,
    targetId: row.target_id,
    orderedAt: row.recorded_at,
    deadline: new Date(row.deadline),
    ordered: BigInt(row.impressions),
    reserved: row.reserved,
    reports: row.reports,
    reported: row.reported,
    clicks: row.clicks,
    orders: row.orders,
    gmvMinor: row.gmv_minor,
    spent: row.spent,
    spentElsewhere: row.spent_elsewhere,
    released: row.released,
    closings: row.closings,
    closedBecause: row.closed_because,
    reportsAfterClosing: row.reports_after_closing,
  };
}

async function readOrphans(
  db: Queryable,
  shard: number,
  first: bigint,
  last: bigint,
): Promise<Told[]> {
  const { rows } = await db.query<{ sequence: bigint }>({
    name: 'reconcile-orphans',
    text: ORPHANS,
    values: [shard, first, last],
  });
  return rows.map(({ sequence }) => ({ sequence, order: null }));
}

/** An order has the id of the entry that placed it. */
export const ORPHANS = `
  SELECT sequence FROM audit.entry AS came
  WHERE shard = $1 AND journal = 'promotions' AND sequence > $2 AND sequence <= $3 AND kind IN ('deliver', 'release')
    AND NOT EXISTS (
      SELECT FROM audit.entry AS placed
      WHERE placed.shard = $1 AND placed.journal = 'promotions' AND placed.kind = 'reserve'
        AND placed.sequence = CASE
          WHEN came.cause ->> 'promotionOrderId' ~ ('^promotions-' || $1::smallint || '-[1-9][0-9]{0,17}$')
          THEN split_part(came.cause ->> 'promotionOrderId', '-', 3)::bigint END
        AND placed.sequence < came.sequence
        AND placed.merchant_id = came.merchant_id)
  ORDER BY sequence`;

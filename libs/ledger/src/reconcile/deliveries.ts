import type { Placement } from '@app/contracts';

/** A promotion order, and all that came of it: what was said, and what was posted. Amounts are in impressions. */
export interface OrderLife {
  promotionOrderId: string;
  /** Of the entry that reserves. */
  entryId: string;
  merchantId: string;
  placement: Placement;
  /** The session or video. */
  targetId: string;
  orderedAt: Date;
  deadline: Date;
  /** As it was ordered. */
  ordered: bigint;
  /** What was set aside for it. */
  reserved: bigint;
  reports: bigint;
  /** The sum of what ad delivery reported. */
  reported: bigint;
  clicks: bigint;
  orders: bigint;
  gmvMinor: bigint;
  /** What was posted to `spent` of the order's placement. */
  spent: bigint;
  /** What was posted to `spent` of any other. */
  spentElsewhere: bigint;
  /** What was given back. */
  released: bigint;
  /** How often it was closed: once, or not yet. */
  closings: bigint;
  closedBecause: string | null;
  /** Reports that were taken behind its closing. */
  reportsAfterClosing: bigint;
}

export type DeliveryDifferenceKind =
  /** Closed, and nothing was ever reported. */
  | 'no_report'
  /** More was reported than was ordered: it costs the merchant nothing. */
  | 'reported_beyond_order'
  /** Another amount was reserved than was ordered. */
  | 'reserved_differs'
  /** Another amount was spent than was reported, as far as it was reserved. */
  | 'spent_differs'
  /** It was closed, and another amount given back than was left. */
  | 'released_differs'
  | 'closed_twice'
  | 'reported_after_closing'
  /** A report or a closing of an order that there is not. */
  | 'no_order';

/** Those that ad delivery has a part in; all others are mistakes of the ledger. */
const OF_AD_DELIVERY: ReadonlySet<DeliveryDifferenceKind> = new Set([
  'no_report',
  'reported_beyond_order',
]);

/** Whether a difference is a mistake of the ledger. */
export function isMistake(difference: DeliveryDifferenceKind): boolean {
  return !OF_AD_DELIVERY.has(difference);
}

/** What differs between an order, its reports and its postings; nothing where all is right. Pure. */
export function deliveryDifferences(
  order: OrderLife,
): DeliveryDifferenceKind[] {
  const { ordered, reserved, reported, spent, released, closings } = order;
  const isClosed = closings > 0n;
  const due = reported < reserved ? reported : reserved;
  return [
    ...(isClosed && order.reports === 0n ? (['no_report'] as const) : []),
    ...(reported > ordered ? (['reported_beyond_order'] as const) : []),
    ...(reserved !== ordered ? (['reserved_differs'] as const) : []),
    ...(spent !== due || order.spentElsewhere !== 0n
      ? (['spent_differs'] as const)
      : []),
    ...(released !== (isClosed ? reserved - spent : 0n)
      ? (['released_differs'] as const)
      : []),
    ...(closings > 1n ? (['closed_twice'] as const) : []),
    ...(order.reportsAfterClosing > 0n
      ? (['reported_after_closing'] as const)
      : []),
  ];
}

/** What orders of a placement have come to. In impressions, but for what is counted. */
export interface DeliverySum {
  placement: Placement;
  promotionOrders: bigint;
  ordered: bigint;
  reports: bigint;
  reported: bigint;
  spent: bigint;
  /** What was reported beyond orders, each by itself. */
  beyondOrders: bigint;
  released: bigint;
  /** Still set aside. */
  openReserve: bigint;
  /** Orders of which nothing was reported, open ones among them. */
  withoutReport: bigint;
  clicks: bigint;
  orders: bigint;
  gmvMinor: bigint;
}

/** Adds an order to the sums by placement. */
export function sumDeliveries(
  sums: Map<string, DeliverySum>,
  order: OrderLife,
): void {
  const { placement, ordered, reported } = order;
  const sum = sums.get(placement) ?? nothingOf(placement);
  sums.set(placement, sum);
  sum.promotionOrders += 1n;
  sum.ordered += ordered;
  sum.reports += order.reports;
  sum.reported += reported;
  sum.spent += order.spent;
  sum.beyondOrders += reported > ordered ? reported - ordered : 0n;
  sum.released += order.released;
  sum.openReserve += order.reserved - order.spent - order.released;
  sum.withoutReport += order.reports === 0n ? 1n : 0n;
  sum.clicks += order.clicks;
  sum.orders += order.orders;
  sum.gmvMinor += order.gmvMinor;
}

function nothingOf(placement: Placement): DeliverySum {
  return {
    placement,
    promotionOrders: 0n,
    ordered: 0n,
    reports: 0n,
    reported: 0n,
    spent: 0n,
    beyondOrders: 0n,
    released: 0n,
    openReserve: 0n,
    withoutReport: 0n,
    clicks: 0n,
    orders: 0n,
    gmvMinor: 0n,
  };
}

import type { DeliveryData } from '@app/contracts';
import {
  jsonInteger,
  move,
  type EventReference,
  type ReleaseCause,
} from '@app/ledger';
import type { OpenOrder } from '../merchant-promotion.js';
import type { PlannedOrder } from '../planner.js';
import type { Turn } from './turn.js';

/** How long a placement is left alone after an order there came to nothing. */
export const REST_MS = 15 * 60_000;

/** Reserves what was planned: the entry's id becomes the order's. */
export function placeOrder(turn: Turn, planned: PlannedOrder): void {
  const { placement, targetId, parts, deadlineMs, decision } = planned;
  const impressions = parts.reduce((sum, { amount }) => sum + amount, 0n);
  turn.write({
    kind: 'reserve',
    postings: parts.flatMap(({ lotId, unit, amount }) =>
      move(unit, amount, 'available', 'reserved', lotId),
    ),
    cause: {
      type: 'promotion_ordered',
      promotionOrderId: turn.nextEntryId(),
      placement,
      ...(placement === 'live'
        ? { sessionId: targetId }
        : { videoId: targetId }),
      impressions: jsonInteger(impressions),
      deadline: new Date(deadlineMs).toISOString(),
      decision,
    },
  });
}

/** Delivers what was reported, as far as it was reserved: an overrun costs the merchant nothing. */
export function deliver(
  turn: Turn,
  { promotionOrderId, placement, parts }: OpenOrder,
  report: DeliveryData<'promotion.delivered'>,
  event: EventReference,
): void {
  const { impressions, clicks, orders, gmvMinor } = report;
  let left = BigInt(impressions);
  const postings = parts.flatMap(({ lotId, amount }) => {
    const taken = amount < left ? amount : left;
    left -= taken;
    return taken > 0n
      ? move(
          turn.lot(lotId).unit,
          taken,
          'reserved',
          `spent:${placement}`,
          lotId,
        )
      : [];
  });
  turn.write({
    kind: 'deliver',
    postings,
    cause: {
      type: 'promotion_delivered',
      promotionOrderId,
      reportedImpressions: impressions,
      clicks,
      orders,
      gmvMinor,
      event,
    },
  });
}

/** Releases what an order has not used. One that came to nothing lets its placement rest. */
export function closeOrder(
  turn: Turn,
  order: OpenOrder,
  reason: ReleaseCause['reason'],
  event: EventReference | null,
): void {
  const { promotionOrderId, placement, parts, deliveredImpressions } = order;
  turn.write({
    kind: 'release',
    postings: parts.flatMap(({ lotId, amount }) =>
      move(turn.lot(lotId).unit, amount, 'reserved', 'available', lotId),
    ),
    cause: { type: 'promotion_closed', promotionOrderId, reason, event },
  });
  if (deliveredImpressions > 0n || reason === 'switched_off') return;
  const { merchant } = turn;
  turn.observe({
    ...merchant,
    restUntilMs: {
      ...merchant.restUntilMs,
      [placement]: merchant.clockMs + REST_MS,
    },
  });
}

import type { DeliveryData } from '@app/contracts';
import {
  jsonInteger,
  move,
  type EventReference,
  type ReleaseCause,
} from '@app/ledger';
import type { OpenOrder } from '../merchant-promotion.js';
import type { PlannedOrder } from '../planning/planner.js';
import { fits, roomUnderLimits } from '../limits.js';
import { afterClosing } from './rests.js';
import type { Turn } from './turn.js';

/**
 * Reserves what was planned, where the merchant's limits leave room for it: the entry's id becomes the order's. It is
 * placed by the merchant's clock, which what led to it may be behind.
 */
export function placeOrder(turn: Turn, planned: PlannedOrder): void {
  const { placement, targetId, parts, deadlineMs, decision } = planned;
  const { clockMs } = turn.merchant;
  const impressions = parts.reduce((sum, { amount }) => sum + amount, 0n);
  const room = roomUnderLimits(turn.merchant, placement, targetId, clockMs);
  if (!fits(room, impressions)) return;
  turn.write({
    kind: 'reserve',
    occurredAtMs: clockMs,
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

/** Releases what an order has not used. */
export function closeOrder(
  turn: Turn,
  order: OpenOrder,
  reason: ReleaseCause['reason'],
  event: EventReference | null,
): void {
  const { promotionOrderId, parts } = order;
  turn.write({
    kind: 'release',
    postings: parts.flatMap(({ lotId, amount }) =>
      move(turn.lot(lotId).unit, amount, 'reserved', 'available', lotId),
    ),
    cause: { type: 'promotion_closed', promotionOrderId, reason, event },
  });
  turn.observe(afterClosing(turn.merchant, order, reason));
  turn.observe(turn.planner.learn(turn.merchant, order, reason));
}

import {
  allows,
  limitsAreEqual,
  type ActivityData,
  type AutoPromotionLimits,
} from '@app/contracts';
import type { EventReference } from '@app/ledger';
import { orderedOn } from '../limits.js';
import { localDay } from '../local-day.js';
import { closeOrder } from './orders.js';
import type { Turn } from './turn.js';

/** Turns the switch on, or changes the limits of one that is on. The event says all limits. */
export function turnOn(
  turn: Turn,
  { by, limits = {} }: ActivityData<'auto_promotion.enabled'>,
  event: EventReference,
): void {
  const before = turn.merchant.autoPromotion;
  if (before.enabled && limitsAreEqual(before.limits, limits))
    return acknowledge(turn, event);
  turn.write({
    kind: 'switch_on',
    postings: [],
    cause: {
      type: 'auto_promotion_switched',
      enabled: true,
      by,
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
      ...(before.enabled ? { onlyLimits: true } : {}),
      event,
    },
  });
  closeWhatIsOver(turn, limits, event);
}

/** Turns the switch off, and releases what is open. */
export function turnOff(
  turn: Turn,
  { by }: ActivityData<'auto_promotion.disabled'>,
  event: EventReference,
): void {
  if (!turn.merchant.autoPromotion.enabled) return acknowledge(turn, event);
  turn.write({
    kind: 'switch_off',
    postings: [],
    cause: { type: 'auto_promotion_switched', enabled: false, by, event },
  });
  for (const order of turn.merchant.orders)
    closeOrder(turn, order, 'switched_off', event);
}

/** Nothing changes, and whoever waits for the event can see that it was taken. */
function acknowledge(turn: Turn, { id }: EventReference): void {
  const { merchant } = turn;
  turn.observe({
    ...merchant,
    autoPromotion: { ...merchant.autoPromotion, eventId: id },
  });
}

/** Closes the orders that changed limits no longer allow: of the day's, the latest first, until the cap holds. */
function closeWhatIsOver(
  turn: Turn,
  limits: AutoPromotionLimits,
  event: EventReference,
): void {
  const cap = limits.dailyCapImpressions;
  const today = localDay(turn.merchant.clockMs);
  for (const order of turn.merchant.orders.toReversed()) {
    const isOverCap =
      cap !== undefined &&
      orderedOn(today, turn.merchant.orderedToday) > BigInt(cap) &&
      localDay(order.orderedAtMs) === today;
    if (isOverCap || !allows(limits, order.placement))
      closeOrder(turn, order, 'limits_changed', event);
  }
}

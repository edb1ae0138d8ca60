import type { ActivityEvent, ActivityEventOf, Channel } from '@app/contracts';

/** What is known of one order: its payments and refunds summed up, the same in whatever order they came. */
export interface OrderRecord {
  /** Its first payment, by the events' time; null until one is known. */
  paid: Payment | null;
  amountMinor: bigint;
  refundedMinor: bigint;
}

export interface Payment {
  /** Milliseconds since the epoch. */
  atMs: number;
  channel: Channel;
}

export type OrderEvent = ActivityEventOf<'order.paid' | 'order.refunded'>;

export const UNKNOWN_ORDER: OrderRecord = Object.freeze({
  paid: null,
  amountMinor: 0n,
  refundedMinor: 0n,
});

export function isOrderEvent(event: ActivityEvent): event is OrderEvent {
  return event.type === 'order.paid' || event.type === 'order.refunded';
}

/** Names an order among those of all merchants; no identifier holds a line break. */
export function orderKey(merchantId: string, orderId: string): string {
  return `${merchantId}\n${orderId}`;
}

/**
 * The order after an event. A further payment (a deposit's balance, 尾款) adds to its amount; time and
 * channel are those of the first payment, also where that one arrives last.
 */
export function applyToOrder(
  order: OrderRecord,
  event: OrderEvent,
): OrderRecord {
  const amountMinor = BigInt(event.data.amountMinor);
  if (event.type === 'order.refunded')
    return { ...order, refundedMinor: order.refundedMinor + amountMinor };
  const { channel } = event.data;
  return {
    ...order,
    paid: firstOf(order.paid, { atMs: event.occurredAtMs, channel }),
    amountMinor: order.amountMinor + amountMinor,
  };
}

/** Of two payments at the same instant the channel decides, so that their arrival does not. */
function firstOf(known: Payment | null, other: Payment): Payment {
  if (!known || other.atMs < known.atMs) return other;
  if (other.atMs === known.atMs && other.channel < known.channel) return other;
  return known;
}

/** What counts in the metrics, at the time and on the channel of a payment. Never less than nothing. */
export interface Contribution extends Payment {
  orders: bigint;
  gmvMinor: bigint;
}

/** What an order adds: nothing until it is paid, and no longer an order once all of it is refunded. */
export function contributionOf(order: OrderRecord): Contribution | null {
  const { paid, amountMinor, refundedMinor } = order;
  if (!paid) return null;
  const stands = refundedMinor === 0n || refundedMinor < amountMinor;
  return {
    ...paid,
    orders: stands ? 1n : 0n,
    gmvMinor: stands ? amountMinor - refundedMinor : 0n,
  };
}

/**
 * What an event changed in the metrics: what its order contributes after it, less what it did before.
 * One change in the ordinary case; two, a withdrawal ahead, where an earlier payment came to light.
 */
export function changesBetween(
  before: OrderRecord,
  after: OrderRecord,
): Contribution[] {
  const was = contributionOf(before);
  const is = contributionOf(after);
  if (!is) return [];
  if (!was) return [is];
  if (was.atMs === is.atMs && was.channel === is.channel)
    return [
      {
        ...is,
        orders: is.orders - was.orders,
        gmvMinor: is.gmvMinor - was.gmvMinor,
      },
    ];
  return [{ ...was, orders: -was.orders, gmvMinor: -was.gmvMinor }, is];
}

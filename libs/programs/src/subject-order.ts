import type { ActivityEventOf, Channel } from '@app/contracts';
import type { Contribution } from './contribution.js';
import { difference, sum, type Exact } from './exact.js';

/** What is known of one order: its payments and refunds summed up, the same in whatever order they came. */
export interface OrderRecord {
  subject: 'order';
  /** Its first payment, by the events' time; null until one is known. */
  paid: Payment | null;
  amountMinor: Exact;
  refundedMinor: Exact;
  /** Milliseconds since the epoch; null until a refund is known. */
  firstRefundAtMs: number | null;
  isFlagged: boolean;
}

export interface Payment {
  /** Milliseconds since the epoch. */
  atMs: number;
  channel: Channel;
  sessionId: string | null;
}

export type OrderEvent =
  | ActivityEventOf<'order.paid' | 'order.refunded'>
  | ActivityEventOf<'risk.flagged'>;

export const UNKNOWN_ORDER: OrderRecord = Object.freeze({
  subject: 'order',
  paid: null,
  amountMinor: 0,
  refundedMinor: 0,
  firstRefundAtMs: null,
  isFlagged: false,
});

/**
 * The order after an event. A further payment (a deposit's balance, 尾款) adds to its amount; time, channel and
 * session are those of the first payment, also where that one arrives last.
 */
export function applyToOrder(
  order: OrderRecord,
  event: OrderEvent,
): OrderRecord {
  switch (event.type) {
    case 'risk.flagged':
      return { ...order, isFlagged: true };
    case 'order.refunded':
      return {
        ...order,
        refundedMinor: sum(order.refundedMinor, event.data.amountMinor),
        firstRefundAtMs: Math.min(
          order.firstRefundAtMs ?? Infinity,
          event.occurredAtMs,
        ),
      };
    case 'order.paid': {
      const { channel, sessionId, amountMinor } = event.data;
      return {
        ...order,
        paid: firstOf(order.paid, {
          atMs: event.occurredAtMs,
          channel,
          sessionId: sessionId ?? null,
        }),
        amountMinor: sum(order.amountMinor, amountMinor),
      };
    }
  }
}

/** Of two payments at the same instant channel and session decide, so that their arrival does not. */
function firstOf(known: Payment | null, other: Payment): Payment {
  if (!known || other.atMs < known.atMs) return other;
  if (other.atMs > known.atMs) return known;
  return rank(other) < rank(known) ? other : known;
}

function rank({ channel, sessionId }: Payment): string {
  return `${channel}\n${sessionId ?? ''}`;
}

/** What an order adds: nothing until it is paid, and no longer an order once all of it is refunded. */
export function contributionsOfOrder(order: OrderRecord): Contribution[] {
  const { paid, amountMinor, refundedMinor, firstRefundAtMs } = order;
  const contributions: Contribution[] = [];
  if (order.isFlagged) return contributions;
  const stands = refundedMinor === 0 || refundedMinor < amountMinor;
  if (paid && stands) {
    const { atMs, channel, sessionId } = paid;
    const gmvMinor = difference(amountMinor, refundedMinor);
    contributions.push(
      { metric: 'orders', amount: 1, atMs, channel, sessionId },
      { metric: 'gmvMinor', amount: gmvMinor, atMs, channel, sessionId },
    );
  }
  if (firstRefundAtMs !== null) {
    contributions.push({
      metric: 'returns',
      amount: 1,
      atMs: firstRefundAtMs,
      channel: null,
      sessionId: paid?.sessionId ?? null,
    });
  }
  return contributions;
}

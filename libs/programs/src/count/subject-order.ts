import type { ActivityEventOf, Channel } from '@app/contracts';
import type { Contribution } from './contribution.js';
import { difference, sum, type Exact } from '../exact.js';

/** What is known of one order: its payments and refunds summed up, the same in whatever order they came. */
export interface OrderRecord {
  /** When its first payment was, by the events' time, with what follows of it: milliseconds since the epoch. */
  paidAtMs: number | null;
  channel: Channel | null;
  sessionId: string | null;
  amountMinor: Exact;
  refundedMinor: Exact;
  /** Milliseconds since the epoch; null until a refund is known. */
  firstRefundAtMs: number | null;
  isFlagged: boolean;
}

export type OrderEvent =
  | ActivityEventOf<'order.paid' | 'order.refunded'>
  | ActivityEventOf<'risk.flagged'>;

export const UNKNOWN_ORDER: OrderRecord = Object.freeze({
  paidAtMs: null,
  channel: null,
  sessionId: null,
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
      const isFirst = isBefore(event, order);
      return {
        paidAtMs: isFirst ? event.occurredAtMs : order.paidAtMs,
        channel: isFirst ? event.data.channel : order.channel,
        sessionId: isFirst ? (event.data.sessionId ?? null) : order.sessionId,
        amountMinor: sum(order.amountMinor, event.data.amountMinor),
        refundedMinor: order.refundedMinor,
        firstRefundAtMs: order.firstRefundAtMs,
        isFlagged: order.isFlagged,
      };
    }
  }
}

/** Of two payments at the same instant channel and session decide, so that their arrival does not. */
function isBefore(
  { occurredAtMs, data }: ActivityEventOf<'order.paid'>,
  { paidAtMs, channel, sessionId }: OrderRecord,
): boolean {
  if (paidAtMs === null || occurredAtMs < paidAtMs) return true;
  return (
    occurredAtMs === paidAtMs &&
    rank(data.channel, data.sessionId) < rank(channel!, sessionId)
  );
}

function rank(channel: Channel, sessionId: string | null | undefined): string {
  return `${channel}\n${sessionId ?? ''}`;
}

/** What an order adds: nothing until it is paid, and no longer an order once all of it is refunded. */
export function contributionsOfOrder(order: OrderRecord): Contribution[] {
  const { paidAtMs: atMs, channel, sessionId } = order;
  const { amountMinor, refundedMinor, firstRefundAtMs } = order;
  if (order.isFlagged) return [];
  const stands = refundedMinor === 0 || refundedMinor < amountMinor;
  const gmvMinor = difference(amountMinor, refundedMinor);
  const contributions: Contribution[] =
    atMs !== null && stands
      ? [
          { metric: 'orders', amount: 1, atMs, channel, sessionId },
          { metric: 'gmvMinor', amount: gmvMinor, atMs, channel, sessionId },
        ]
      : [];
  if (firstRefundAtMs !== null) {
    contributions.push({
      metric: 'returns',
      amount: 1,
      atMs: firstRefundAtMs,
      channel: null,
      sessionId,
    });
  }
  return contributions;
}

import {
  activityContract,
  eventBuilders,
  type ActivityCloudEvent,
  type Channel,
} from '@app/contracts';
import type { OrderRow } from './order-row.js';

export const SOURCE = 'urn:traffic-reward-ledger:replay';
const built = eventBuilders(activityContract, SOURCE);
const WEEK_MS = 7 * 86_400_000;
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
/** The epoch was a Thursday: weeks begin on Mondays. */
const MONDAY_MS = 4 * 86_400_000;

export interface ReplayOptions {
  channel: Channel;
  /** All times are moved by so many weeks; orders that are moved are other orders. */
  shiftWeeks: number;
}

/**
 * What a row says as events: the order was paid and, where it was cancelled, refunded in the same minute.
 * Ids follow from order, merchant and shift, so that a row replayed again is the same events.
 */
export function orderEvents(
  row: OrderRow,
  { channel, shiftWeeks }: ReplayOptions,
): ActivityCloudEvent[] {
  const { sellerId, amountMinor } = row;
  const orderId =
    shiftWeeks === 0 ? row.orderId : `${row.orderId}+${shiftWeeks}w`;
  const id = `${orderId}/${sellerId}`;
  const head = {
    merchantId: sellerId,
    occurredAtMs: row.atMs + shiftWeeks * WEEK_MS,
  };
  const paid = built['order.paid']({
    ...head,
    id: `${id}/paid`,
    data: { orderId, amountMinor, channel },
  });
  if (!row.isCanceled) return [paid];
  const refunded = built['order.refunded']({
    ...head,
    id: `${id}/refunded`,
    data: { orderId, amountMinor },
  });
  return [paid, refunded];
}

/** How many weeks, Monday to Sunday in Asia/Shanghai, lie between two moments' weeks. */
export function weeksBetween(fromMs: number, toMs: number): number {
  return weekNumber(toMs) - weekNumber(fromMs);
}

function weekNumber(atMs: number): number {
  return Math.floor((atMs + SHANGHAI_OFFSET_MS - MONDAY_MS) / WEEK_MS);
}

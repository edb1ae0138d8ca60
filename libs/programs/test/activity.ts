import type { ActivityEvent, Channel } from '@app/contracts';

interface OrderOptions {
  merchantId?: string;
  channel?: Channel;
}

/** @param time RFC 3339; Shanghai's wall time where it has no offset */
export function paid(
  orderId: string,
  time: string,
  amountMinor: number,
  { merchantId = 'm1', channel = 'shelf' }: OrderOptions = {},
): ActivityEvent {
  return {
    source: '/orders',
    id: `${orderId} paid ${time}`,
    type: 'order.paid',
    merchantId,
    occurredAtMs: timeMs(time),
    data: { orderId, amountMinor, channel },
  };
}

/** @param time as in {@link paid} */
export function refunded(
  orderId: string,
  time: string,
  amountMinor: number,
  { merchantId = 'm1' }: OrderOptions = {},
): ActivityEvent {
  return {
    source: '/orders',
    id: `${orderId} refunded ${time}`,
    type: 'order.refunded',
    merchantId,
    occurredAtMs: timeMs(time),
    data: { orderId, amountMinor },
  };
}

/** So many orders of one fen, a minute apart from a time on. */
export function paidTimes(count: number, time: string): ActivityEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(timeMs(time) + i * 60_000).toISOString();
    return paid(`order at ${at}`, at, 1);
  });
}

export function timeMs(time: string): number {
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}+08:00`);
}

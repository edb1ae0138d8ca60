import type {
  ActivityData,
  ActivityEvent,
  ActivityType,
  Channel,
} from '@app/contracts';

interface OrderOptions {
  merchantId?: string;
  channel?: Channel;
  sessionId?: string;
}

/** @param time RFC 3339; Shanghai's wall time where it has no offset */
export function paid(
  orderId: string,
  time: string,
  amountMinor: number,
  { merchantId = 'm1', channel = 'shelf', sessionId }: OrderOptions = {},
): ActivityEvent {
  return {
    source: '/orders',
    id: `${orderId} paid ${time}`,
    type: 'order.paid',
    merchantId,
    occurredAtMs: timeMs(time),
    data: {
      orderId,
      amountMinor,
      channel,
      ...(sessionId === undefined ? {} : { sessionId }),
    },
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
export function paidTimes(
  count: number,
  time: string,
  options: OrderOptions = {},
): ActivityEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(timeMs(time) + i * 60_000).toISOString();
    return paid(`order at ${at}`, at, 1, options);
  });
}

const HOUR_S = 3_600;

let told = 0;

/** @param time as in {@link paid} */
export function happened<Type extends ActivityType>(
  type: Type,
  time: string,
  data: ActivityData<Type>,
  merchantId = 'm1',
): ActivityEvent {
  const id = String(++told);
  const event = { source: '/s', id, type, merchantId, data };
  return { ...event, occurredAtMs: timeMs(time) } as ActivityEvent;
}

export function registered(
  time: string,
  { followers = 0, category = 'food', merchantId = 'm1' } = {},
): ActivityEvent {
  return happened(
    'merchant.registered',
    time,
    { category, followers },
    merchantId,
  );
}

export function started(
  sessionId: string,
  time: string,
  { followers = 0, merchantId = 'm1' } = {},
): ActivityEvent {
  return happened('live.started', time, { sessionId, followers }, merchantId);
}

/** The end of a stream that started then, told at once. */
export function endedAfter(
  sessionId: string,
  startTime: string,
  hours: number,
): ActivityEvent {
  const durationSeconds = hours * HOUR_S;
  const endMs = timeMs(startTime) + durationSeconds * 1_000;
  const time = new Date(endMs).toISOString();
  return happened('live.ended', time, { sessionId, durationSeconds });
}

/** A stream from a time on: its start and its end. */
export function stream(
  sessionId: string,
  time: string,
  hours: number,
): ActivityEvent[] {
  return [started(sessionId, time), endedAfter(sessionId, time, hours)];
}

export function flagged(
  kind: 'order' | 'session' | 'merchant',
  id: string,
  time: string,
): ActivityEvent {
  return happened('risk.flagged', time, { target: { kind, id }, reason: 'r' });
}

export function gained(
  count: number,
  time: string,
  channel: Channel = 'live',
): ActivityEvent {
  return happened('follower.gained', time, { count, channel });
}

export function timeMs(time: string): number {
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}+08:00`);
}

import { createHash } from 'node:crypto';
import type {
  ActivityData,
  ActivityEvent,
  ActivityType,
  Channel,
} from '@app/contracts';
import type { OrderRow } from '../../../test/oracle/order-ladder.js';
import { inTimeOrder } from './any-activity.js';
import { timeMs } from './activity.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** When the platform's programs with a window run: 13 weeks of it, from a Thursday on. */
export const SEASON_FROM_MS = timeMs('2026-10-01T00:00:00');
const SEASON_MS = 91 * DAY_MS;

/**
 * A file of orders as it could have been in the season, by time: orders keep their merchant, amount, weekday and hour. What the file does not say (channels, streams, videos, products, ads, refunds but for cancellations, flags) is made
 * up from the orders' and merchants' names, and so always the same.
 *
 * @param mostOrders of one merchant: the first ones are taken
 */
export function activityAround(
  rows: readonly OrderRow[],
  mostOrders: number,
): ActivityEvent[] {
  const merchants = new Map<string, OrderRow[]>();
  for (const row of rows) {
    const own = merchants.get(row.sellerId);
    if (own) own.push(inSeason(row));
    else merchants.set(row.sellerId, [inSeason(row)]);
  }
  return inTimeOrder(
    Array.from(merchants).flatMap(([merchantId, own]) =>
      activityOf(
        merchantId,
        own.toSorted((a, b) => a.timeMs - b.timeMs).slice(0, mostOrders),
      ),
    ),
  );
}

function inSeason(row: OrderRow): OrderRow {
  const sinceMs = (row.timeMs - SEASON_FROM_MS) % SEASON_MS;
  const intoMs = (sinceMs + SEASON_MS) % SEASON_MS;
  return { ...row, timeMs: SEASON_FROM_MS + intoMs };
}

function activityOf(
  merchantId: string,
  orders: readonly OrderRow[],
): ActivityEvent[] {
  const events: ActivityEvent[] = [];
  const tell = <Type extends ActivityType>(
    type: Type,
    occurredAtMs: number,
    data: ActivityData<Type>,
  ): void => {
    const id = `${merchantId} ${events.length}`;
    const event = { source: '/made', id, type, merchantId, occurredAtMs, data };
    events.push(event as ActivityEvent);
  };

  const [size, since, luck] = digestOf(merchantId);
  const followers = size! * 8;
  tell('merchant.registered', SEASON_FROM_MS - (since! % 100) * DAY_MS, {
    category: 'food',
    followers,
  });
  if (luck! < 4)
    tell('risk.flagged', SEASON_FROM_MS + 60 * DAY_MS, {
      target: { kind: 'merchant', id: merchantId },
      reason: 'made up',
    });

  const streams = new Map<string, { fromMs: number; untilMs: number }>();
  for (const { orderId, timeMs: atMs, amountMinor, canceled } of orders) {
    const [via, count, kind, product, ads, back, flag] = digestOf(orderId);
    const channel = channelOf(via!);
    const sessionId = `live-${Math.floor((atMs + 8 * HOUR_MS) / DAY_MS)}`;
    const inSession = channel === 'live' ? { sessionId } : {};
    if (channel === 'live') {
      const stream = streams.get(sessionId);
      streams.set(sessionId, {
        fromMs: stream?.fromMs ?? atMs - 40 * MINUTE_MS,
        untilMs: atMs + (1 + (count! % 4)) * HOUR_MS,
      });
    }
    if (channel === 'short_video')
      tell('video.published', atMs - HOUR_MS, {
        videoId: `video-${orderId}`,
        shoppable: kind! % 8 > 0,
        ...(kind! % 2 === 0
          ? { clip: { sessionId, kind: 'highlight' as const } }
          : {}),
      });
    tell('product.listed', atMs - 2 * HOUR_MS, {
      productId: `product-${product! % 30}`,
    });
    tell('order.paid', atMs, { orderId, amountMinor, channel, ...inSession });
    tell('follower.gained', atMs + MINUTE_MS, {
      count: 1 + (count! % 32),
      channel,
      ...inSession,
    });
    if (ads! < 64)
      tell('ads.spent', atMs, { amountMinor: 1 + Math.floor(amountMinor / 7) });
    if (canceled)
      tell('order.refunded', atMs + MINUTE_MS, { orderId, amountMinor });
    else if (back! < 24)
      tell('order.refunded', atMs + (1 + back!) * DAY_MS, {
        orderId,
        amountMinor: back! % 2 === 0 ? amountMinor : Math.ceil(amountMinor / 3),
      });
    if (flag! < 4)
      tell('risk.flagged', atMs + 5 * DAY_MS, {
        target:
          channel === 'live' && flag! % 2 === 0
            ? { kind: 'session', id: sessionId }
            : { kind: 'order', id: orderId },
        reason: 'made up',
      });
  }
  for (const [sessionId, { fromMs, untilMs }] of streams) {
    tell('live.started', fromMs, { sessionId, followers });
    tell('live.ended', untilMs, {
      sessionId,
      durationSeconds: (untilMs - fromMs) / 1_000,
    });
  }
  return events;
}

function channelOf(byte: number): Channel {
  if (byte < 128) return 'live';
  return byte < 216 ? 'short_video' : 'shelf';
}

function digestOf(name: string): Buffer {
  return createHash('sha256').update(name).digest();
}

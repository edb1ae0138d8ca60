import type { ActivityEvent, ActivityEventOf, Channel } from '@app/contracts';
import type { MerchantFacts } from '../../src/count/merchant-facts.js';

/** All that one merchant did, in the end. */
export interface MerchantRecord {
  facts: MerchantFacts;
  orders: Order[];
  returns: Return[];
  sessions: Session[];
  videos: Video[];
  /** The earliest listing of each product. */
  productsListedMs: number[];
  followersGained: ActivityEventOf<'follower.gained'>[];
  adsSpent: ActivityEventOf<'ads.spent'>[];
  flaggedOrders: ReadonlySet<string>;
}

/** An order that was paid; as its first payment has it. */
export interface Order {
  orderId: string;
  paidAtMs: number;
  channel: Channel;
  sessionId: string | null;
  paid: bigint;
  refunded: bigint;
  hasRefund: boolean;
}

/** An order that has a refund, whether its payment came or not. */
export interface Return {
  orderId: string;
  /** Null also where its payment did not come. */
  sessionId: string | null;
  firstRefundMs: number;
}

/** A session of which the start or the end is known. */
export interface Session {
  sessionId: string;
  startMs: number;
  /** Null where its end is not known. */
  endMs: number | null;
  /** Orders and followers that name it are of its time from here on; null where nothing is known of its start. */
  takesFromMs: number | null;
  /** Up to, not including; null where its end is not known. */
  takesUntilMs: number | null;
}

export interface Video {
  publishedMs: number;
  shoppable: boolean;
  clip: boolean;
}

export function recordsOf(
  events: readonly ActivityEvent[],
): Map<string, MerchantRecord> {
  return new Map(
    Array.from(grouped(events, ({ merchantId }) => merchantId)).map(
      ([merchantId, own]) => [merchantId, recordOf(own)],
    ),
  );
}

/** All that one merchant did, of its events. */
export function recordOf(events: readonly ActivityEvent[]): MerchantRecord {
  const orders = ordersOf(events);
  const sessions = sessionsOf(events);
  const flags = ofType(events, 'risk.flagged');
  const registered = earliest(ofType(events, 'merchant.registered'));
  const stated = [
    ...ofType(events, 'merchant.registered'),
    ...ofType(events, 'live.started'),
  ].toSorted(
    (a, b) =>
      b.occurredAtMs - a.occurredAtMs || b.data.followers - a.data.followers,
  )[0];
  const firstStream = ofType(events, 'live.started').toSorted(
    (a, b) =>
      a.occurredAtMs - b.occurredAtMs ||
      compare(a.data.sessionId, b.data.sessionId),
  )[0];
  const firstOrder = orders.toSorted(
    (a, b) => a.paidAtMs - b.paidAtMs || compare(a.orderId, b.orderId),
  )[0];
  const flaggedAt = (kind: string) =>
    new Map(
      Array.from(
        grouped(
          flags.filter(({ data }) => data.target.kind === kind),
          ({ data }) => data.target.id,
        ),
      ).map(([id, own]) => [id, earliest(own)!.occurredAtMs]),
    );
  return {
    facts: {
      registeredAtMs: registered?.occurredAtMs ?? null,
      category: registered?.data.category ?? null,
      followers: BigInt(stated?.data.followers ?? 0),
      followersAtMs: stated?.occurredAtMs ?? null,
      firstStream: firstStream
        ? {
            sessionId: firstStream.data.sessionId,
            atMs: firstStream.occurredAtMs,
          }
        : null,
      firstSale: firstOrder
        ? {
            orderId: firstOrder.orderId,
            atMs: firstOrder.paidAtMs,
            sessionId: null,
            isFlagged: false,
          }
        : null,
      flaggedAtMs:
        Array.from(flaggedAt('merchant').values()).sort((a, b) => a - b)[0] ??
        null,
      flaggedSessions: flaggedAt('session'),
    },
    orders,
    returns: returnsOf(events, orders),
    sessions,
    videos: Array.from(
      grouped(
        ofType(events, 'video.published'),
        ({ data }) => data.videoId,
      ).values(),
    ).map((publications) => {
      const { occurredAtMs, data } = earliest(publications)!;
      return {
        publishedMs: occurredAtMs,
        shoppable: data.shoppable,
        clip: data.clip !== undefined,
      };
    }),
    productsListedMs: Array.from(
      grouped(
        ofType(events, 'product.listed'),
        ({ data }) => data.productId,
      ).values(),
    ).map((listings) => earliest(listings)!.occurredAtMs),
    followersGained: ofType(events, 'follower.gained'),
    adsSpent: ofType(events, 'ads.spent'),
    flaggedOrders: new Set(flaggedAt('order').keys()),
  };
}

function ordersOf(events: readonly ActivityEvent[]): Order[] {
  const payments = grouped(
    ofType(events, 'order.paid'),
    ({ data }) => data.orderId,
  );
  const refundsOf = grouped(
    ofType(events, 'order.refunded'),
    ({ data }) => data.orderId,
  );
  return Array.from(payments).map(([orderId, own]) => {
    const { occurredAtMs, data } = earliest(own)!;
    const refunds = refundsOf.get(orderId) ?? [];
    return {
      orderId,
      paidAtMs: occurredAtMs,
      channel: data.channel,
      sessionId: data.sessionId ?? null,
      paid: sum(own.map((payment) => payment.data.amountMinor)),
      refunded: sum(refunds.map((refund) => refund.data.amountMinor)),
      hasRefund: refunds.length > 0,
    };
  });
}

function returnsOf(
  events: readonly ActivityEvent[],
  orders: readonly Order[],
): Return[] {
  const refunds = grouped(
    ofType(events, 'order.refunded'),
    ({ data }) => data.orderId,
  );
  const sessionIds = new Map(
    orders.map(({ orderId, sessionId }) => [orderId, sessionId]),
  );
  return Array.from(refunds).map(([orderId, own]) => ({
    orderId,
    sessionId: sessionIds.get(orderId) ?? null,
    firstRefundMs: earliest(own)!.occurredAtMs,
  }));
}

function sessionsOf(events: readonly ActivityEvent[]): Session[] {
  const started = ofType(events, 'live.started');
  const ended = ofType(events, 'live.ended');
  const ids = new Set([...started, ...ended].map(({ data }) => data.sessionId));
  return Array.from(ids).map((sessionId) => {
    const start = started.find(({ data }) => data.sessionId === sessionId);
    const end = ended.find(({ data }) => data.sessionId === sessionId);
    const takesFromMs = start?.occurredAtMs ?? null;
    if (!end)
      return {
        sessionId,
        startMs: start!.occurredAtMs,
        endMs: null,
        takesFromMs,
        takesUntilMs: null,
      };
    const lastedMs = end.data.durationSeconds * 1000;
    const startMs = start ? start.occurredAtMs : end.occurredAtMs - lastedMs;
    const endMs = startMs + lastedMs;
    const takesUntilMs = Math.max(endMs, end.occurredAtMs);
    return { sessionId, startMs, endMs, takesFromMs, takesUntilMs };
  });
}

function ofType<Type extends ActivityEvent['type']>(
  events: readonly ActivityEvent[],
  type: Type,
): ActivityEventOf<Type>[] {
  return events.filter(
    (event): event is ActivityEventOf<Type> => event.type === type,
  );
}

function earliest<Event extends { occurredAtMs: number }>(
  events: readonly Event[],
): Event | undefined {
  return events.toSorted((a, b) => a.occurredAtMs - b.occurredAtMs)[0];
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items)
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sum(amounts: readonly number[]): bigint {
  return amounts.reduce((total, amount) => total + BigInt(amount), 0n);
}

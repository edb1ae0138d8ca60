import type { Goal, Metric, Program } from '../../src/program.js';
import { QUARTER_MS } from './local-dates.js';
import type { MerchantRecord, Order } from './merchant-record.js';

/** What something adds to a metric at one moment; time on air in milliseconds. */
export interface Contribution {
  atMs: number;
  amount: bigint;
  sessionId: string | null;
  orderId: string | null;
}

/** All that a merchant contributes to a goal's metric, flagged or not, whenever it was; over a session, while that ran. */
export function contributionsOf(
  record: MerchantRecord,
  versions: readonly Program[],
  goal: Goal,
): Contribution[] {
  const all = everythingOf(record, versions, goal);
  if (goal.period !== 'session' || !isOfItsTime(goal.metric)) return all;
  return all.filter(({ sessionId, atMs }) => {
    const session = record.sessions.find((one) => one.sessionId === sessionId);
    if (!session) return true;
    const { takesFromMs, takesUntilMs } = session;
    if (takesFromMs !== null && atMs < takesFromMs) return false;
    return takesUntilMs === null || atMs < takesUntilMs;
  });
}

/** Whether what names a session counts over it only while it runs. */
export function isOfItsTime(metric: Metric): boolean {
  return ['orders', 'gmvMinor', 'followers'].includes(metric);
}

function everythingOf(
  record: MerchantRecord,
  versions: readonly Program[],
  goal: Goal,
): Contribution[] {
  const { metric } = goal;
  switch (metric) {
    case 'orders':
      return standing(record, goal).map((order) => ofOrder(order, 1n));
    case 'gmvMinor':
      return standing(record, goal).map((order) =>
        ofOrder(order, order.paid - order.refunded),
      );
    case 'returns':
      return record.returns.map(({ firstRefundMs, ...order }) => ({
        ...one(firstRefundMs),
        ...order,
      }));
    case 'liveSeconds':
    case 'liveDays':
    case 'liveDayStreak':
      return piecesOnAir(record, edgesOf(record, versions));
    case 'firstStream':
      return record.facts.firstStream
        ? [
            {
              ...one(record.facts.firstStream.atMs),
              sessionId: record.facts.firstStream.sessionId,
            },
          ]
        : [];
    case 'firstSale':
      return record.orders
        .filter(({ orderId }) => orderId === record.facts.firstSale?.orderId)
        .map((order) => ofOrder(order, 1n));
    case 'followers':
      return record.followersGained
        .filter(({ data }) => goal.channels.includes(data.channel))
        .map(({ occurredAtMs, data }) => ({
          ...one(occurredAtMs),
          amount: BigInt(data.count),
          sessionId: data.sessionId ?? null,
        }));
    case 'shoppableVideos':
      return record.videos
        .filter(({ shoppable }) => shoppable)
        .map(({ publishedMs }) => one(publishedMs));
    case 'clips':
      return record.videos
        .filter(({ clip }) => clip)
        .map(({ publishedMs }) => one(publishedMs));
    case 'productsListed':
      return record.productsListedMs.map(one);
    case 'adsSpentMinor':
      return record.adsSpent.map(({ occurredAtMs, data }) => ({
        ...one(occurredAtMs),
        amount: BigInt(data.amountMinor),
      }));
  }
}

/** Whether a flag takes the contribution out of what the version counts. */
export function isFlagged(
  { facts, flaggedOrders }: MerchantRecord,
  { takeBack: { flaggedFrom } }: Program,
  { atMs, sessionId, orderId }: Contribution,
): boolean {
  if (orderId !== null && flaggedOrders.has(orderId)) return true;
  const flags = [facts.flaggedAtMs];
  if (sessionId !== null)
    flags.push(facts.flaggedSessions.get(sessionId) ?? null);
  return flags.some(
    (flaggedMs) =>
      flaggedMs !== null && (flaggedFrom === 'start' || atMs >= flaggedMs),
  );
}

export function isTimeOnAir(metric: Metric): boolean {
  return ['liveSeconds', 'liveDays', 'liveDayStreak'].includes(metric);
}

/** Orders that are not refunded as a whole. */
function standing({ orders }: MerchantRecord, { channels }: Goal): Order[] {
  return orders.filter(
    ({ channel, paid, refunded, hasRefund }) =>
      channels.includes(channel) && (!hasRefund || refunded < paid),
  );
}

function ofOrder(
  { paidAtMs, sessionId, orderId }: Order,
  amount: bigint,
): Contribution {
  return { atMs: paidAtMs, amount, sessionId, orderId };
}

function one(atMs: number): Contribution {
  return { atMs, amount: 1n, sessionId: null, orderId: null };
}

/**
 * Streams in pieces so small that none crosses a midnight or another edge: whatever holds at the start of a piece
 * holds in all of it.
 */
function piecesOnAir(
  { sessions }: MerchantRecord,
  edges: readonly number[],
): Contribution[] {
  return sessions.flatMap(({ sessionId, startMs, endMs }) => {
    if (endMs === null) return [];
    const cuts = [startMs, endMs];
    for (
      let quarterMs = Math.ceil(startMs / QUARTER_MS) * QUARTER_MS;
      quarterMs < endMs;
      quarterMs += QUARTER_MS
    )
      cuts.push(quarterMs);
    cuts.push(...edges.filter((edge) => edge > startMs && edge < endMs));
    cuts.sort((a, b) => a - b);
    return cuts.slice(1).map((untilMs, i) => ({
      atMs: cuts[i]!,
      amount: BigInt(untilMs - cuts[i]!),
      sessionId,
      orderId: null,
    }));
  });
}

/** The moments at which something else begins to hold. */
function edgesOf(
  { facts }: MerchantRecord,
  versions: readonly Program[],
): number[] {
  const ofVersions = versions.flatMap(({ startsAtMs, window, stages }) => [
    startsAtMs,
    ...[window, ...stages].flatMap((span) =>
      span ? [span.fromMs, span.untilMs] : [],
    ),
  ]);
  return [
    ...ofVersions,
    facts.flaggedAtMs,
    ...facts.flaggedSessions.values(),
  ].filter((edge) => edge !== null);
}

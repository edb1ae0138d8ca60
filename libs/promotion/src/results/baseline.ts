import type { Placement } from '@app/contracts';
import { endOfDayMs, localDay } from '../local-day.js';
import type { PromotionResult } from './promotion-result.js';

/** Days of Asia/Shanghai, `yyyy-mm-dd`, both ends among them. */
export interface Period {
  from: string;
  to: string;
}

/** What a merchant did and sold in a period, whether or not it was promoted. */
export interface Sales {
  /** Streams that ended in the period. */
  sessions: readonly { sessionId: string; durationSeconds: number }[];
  /** Shoppable videos published in the period or up to six days before it. */
  videos: readonly { videoId: string; publishedAtMs: number }[];
  /** Paid in the period, by day and the session or video that they came from. */
  sold: readonly {
    day: string;
    placement: Placement;
    targetId: string;
    orders: bigint;
    gmvMinor: bigint;
  }[];
}

/** What was sold in a time of showing; of streams in seconds, of videos in days. */
export interface Pace {
  time: bigint;
  orders: bigint;
  gmvMinor: bigint;
}

/** How a placement sold with promotion and without. */
export interface Comparison {
  placement: Placement;
  promoted: Pace;
  unpromoted: Pace;
}

/** A video counts for the day that it is published on and the six that follow, in which it is new. */
export const DAYS_OF_A_VIDEO = 7;
const SECONDS_AN_HOUR = 3_600n;

/**
 * Holds a merchant's promoted streams and days of videos against their own that were not promoted. All orders that
 * were paid count on both sides, those that ad delivery brought and those that would have come anyway. It is no
 * experiment: what is promoted may be what sells better.
 *
 * @param results of the period
 */
export function compareWithBaseline(
  sales: Sales,
  results: readonly PromotionResult[],
  period: Period,
): Comparison[] {
  return [
    compareSessions(
      sales,
      spendingKeys(results, 'live', ({ targetId }) => targetId),
    ),
    compareVideos(sales, results, period),
  ];
}

/** GMV of an hour of a stream or of a day of a video, in fen, to the fen below; null where there was no time. */
export function gmvMinorPerUnit(
  placement: Placement,
  { time, gmvMinor }: Pace,
): bigint | null {
  if (time === 0n) return null;
  return (gmvMinor * (placement === 'live' ? SECONDS_AN_HOUR : 1n)) / time;
}

function compareSessions(
  { sessions, sold }: Sales,
  promotedIds: ReadonlySet<string>,
): Comparison {
  const comparison = emptyComparison('live');
  const ended = new Set(sessions.map(({ sessionId }) => sessionId));
  for (const { sessionId, durationSeconds } of sessions)
    sideOf(comparison, promotedIds.has(sessionId)).time +=
      BigInt(durationSeconds);
  for (const sale of sold) {
    if (sale.placement === 'live' && ended.has(sale.targetId))
      addSale(sideOf(comparison, promotedIds.has(sale.targetId)), sale);
  }
  return comparison;
}

function compareVideos(
  { videos, sold }: Sales,
  results: readonly PromotionResult[],
  period: Period,
): Comparison {
  const comparison = emptyComparison('short_video');
  const promoted = spendingKeys(results, 'short_video', dayOfTarget);
  const soldOn = new Map(
    sold
      .filter(({ placement }) => placement === 'short_video')
      .map((sale) => [dayOfTarget(sale), sale]),
  );
  for (const { videoId, publishedAtMs } of videos) {
    for (const day of newDays(publishedAtMs, period)) {
      const key = dayOfTarget({ day, targetId: videoId });
      const pace = sideOf(comparison, promoted.has(key));
      pace.time += 1n;
      const sale = soldOn.get(key);
      if (sale) addSale(pace, sale);
    }
  }
  return comparison;
}

function spendingKeys(
  results: readonly PromotionResult[],
  placement: Placement,
  keyOf: (result: PromotionResult) => string,
): Set<string> {
  return new Set(
    results
      .filter((one) => one.placement === placement && one.impressions > 0n)
      .map(keyOf),
  );
}

function newDays(publishedAtMs: number, { from, to }: Period): string[] {
  const days: string[] = [];
  let day = localDay(publishedAtMs);
  for (let count = 0; count < DAYS_OF_A_VIDEO; count += 1) {
    if (day >= from && day <= to) days.push(day);
    day = localDay(endOfDayMs(day));
  }
  return days;
}

function dayOfTarget({ day, targetId }: { day: string; targetId: string }) {
  return `${day} ${targetId}`;
}

function emptyComparison(placement: Placement): Comparison {
  const none = (): Pace => ({ time: 0n, orders: 0n, gmvMinor: 0n });
  return { placement, promoted: none(), unpromoted: none() };
}

function sideOf({ promoted, unpromoted }: Comparison, isPromoted: boolean) {
  return isPromoted ? promoted : unpromoted;
}

function addSale(pace: Pace, { orders, gmvMinor }: Omit<Pace, 'time'>): void {
  pace.orders += orders;
  pace.gmvMinor += gmvMinor;
}

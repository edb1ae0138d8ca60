import { allows, type Placement } from '@app/contracts';
import { endOfDayMs, localDay } from './local-day.js';
import type { MerchantPromotion, OrderedToday } from './merchant-promotion.js';

/** How much an order may be for. It can be placed where `most` is more than nothing and not less than `least`. */
export interface Room {
  /** Zero where nothing may be ordered. */
  most: bigint;
  /** At least one. */
  least: bigint;
}

/** An order's impressions go out as a JSON integer. */
const MAX_ORDER = BigInt(Number.MAX_SAFE_INTEGER);
const NO_ROOM: Room = { most: 0n, least: 1n };

/**
 * What the merchant's limits leave for one more order at an instant. The daily cap leaves what was not ordered on
 * that day in Asia/Shanghai yet, or was released. A session that has been given less than the minimum needs the rest
 * of it in one order: where that is not there, it is given nothing more.
 *
 * @param targetId the session or the video, by the placement
 */
export function roomUnderLimits(
  { autoPromotion, orderedToday, sessions }: MerchantPromotion,
  placement: Placement,
  targetId: string,
  atMs: number,
): Room {
  const { limits } = autoPromotion;
  if (!allows(limits, placement)) return NO_ROOM;
  const { dailyCapImpressions, minimumImpressionsPerSession } = limits;
  const left =
    dailyCapImpressions === undefined
      ? MAX_ORDER
      : BigInt(dailyCapImpressions) - orderedOn(localDay(atMs), orderedToday);
  const given =
    placement === 'live'
      ? (sessions.find(({ sessionId }) => sessionId === targetId)
          ?.givenImpressions ?? 0n)
      : MAX_ORDER;
  const missing = BigInt(minimumImpressionsPerSession ?? 0) - given;
  const least = missing > 1n ? missing : 1n;
  return left < least ? NO_ROOM : { most: left, least };
}

/** What was ordered on a day and not released, where nothing was on a later one. */
export function orderedOn(day: string, orderedToday: OrderedToday): bigint {
  return orderedToday.day === day ? orderedToday.impressions : 0n;
}

/** Whether an order of so many impressions may be placed. */
export function fits({ most, least }: Room, impressions: bigint): boolean {
  return least <= impressions && impressions <= most;
}

/** When the daily cap will next leave more than it does, though nothing happens; null where it does not hold. */
export function dailyCapRenewsMs({
  autoPromotion: { enabled, limits },
  orderedToday: { day, impressions },
}: MerchantPromotion): number | null {
  return enabled &&
    limits.dailyCapImpressions !== undefined &&
    day !== null &&
    impressions > 0n
    ? endOfDayMs(day)
    : null;
}

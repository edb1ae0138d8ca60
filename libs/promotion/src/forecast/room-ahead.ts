import { PLACEMENTS, allows, type Placement } from '@app/contracts';
import { copyJson } from '../copy-json.js';
import { endOfDayMs, localDay } from '../local-day.js';
import type { MerchantPromotion } from '../merchant-promotion.js';
import { copyOf } from '../planning/merchant-spending.js';
import type { SharedMemory } from '../spending/memory.js';
import { passTime } from '../spending/habits.js';
import { expectedRoom, outlookOf } from '../spending/outlook.js';

/** A time in which no lot expires and no day ends, and the impressions that there is room for in it. */
export interface Span {
  fromMs: number;
  untilMs: number;
  /** In Asia/Shanghai, `yyyy-mm-dd`. */
  day: string;
  room: Record<Placement, number>;
}

/**
 * The room that a merchant's habits make expect, from now until the last of some instants: the mean, and not the
 * cautious part of it that spending counts on. Where the switch is off, nobody has watched since, and the habits are
 * those of that time.
 *
 * @param instants later than now
 */
export function roomAhead(
  merchant: MerchantPromotion,
  shared: SharedMemory,
  nowMs: number,
  instants: readonly number[],
): Span[] {
  const { enabled, sinceMs } = merchant.autoPromotion;
  const watchedUntilMs = enabled ? nowMs : Math.min(nowMs, sinceMs ?? nowMs);
  const { memory } = copyOf(merchant.spending, merchant.category);
  const common = copyJson(shared);
  for (const placement of PLACEMENTS)
    passTime(memory, common, placement, watchedUntilMs);

  let fromMs = nowMs;
  const expected: Record<Placement, number> = { live: 0, short_video: 0 };
  return withDayEnds(nowMs, instants).map((untilMs) => {
    const room: Record<Placement, number> = { live: 0, short_video: 0 };
    for (const placement of PLACEMENTS) {
      const before = Math.floor(expected[placement]);
      expected[placement] += expectedRoom(
        outlookOf(memory, common, placement, fromMs),
        untilMs,
      );
      room[placement] = Math.floor(expected[placement]) - before;
    }
    const span = { fromMs, untilMs, day: localDay(fromMs), room };
    fromMs = untilMs;
    return span;
  });
}

/** Leaves room only in placements that the merchant's limits allow. */
export function underPlacements(
  spans: readonly Span[],
  limits: MerchantPromotion['autoPromotion']['limits'],
): Span[] {
  return spans.map((span) => ({
    ...span,
    room: {
      live: allows(limits, 'live') ? span.room.live : 0,
      short_video: allows(limits, 'short_video') ? span.room.short_video : 0,
    },
  }));
}

function withDayEnds(nowMs: number, instants: readonly number[]): number[] {
  const lastMs = Math.max(nowMs, ...instants);
  const ends = new Set(instants);
  let endMs = endOfDayMs(localDay(nowMs));
  while (endMs < lastMs) {
    ends.add(endMs);
    endMs = endOfDayMs(localDay(endMs));
  }
  return [...ends].sort((a, b) => a - b);
}

import { PLACEMENTS, type Placement } from '@app/contracts';
import { mayBeSpentIn, type SpendableLot } from '../spending/index.js';
import type { Span } from './room-ahead.js';

/** How many impressions orders of a day may be for; Infinity where there is no daily cap. */
export type CapOfDay = (day: string) => number;

/**
 * What is left of each lot when it expires, where all room is used: first-expiring first, and what may go to either
 * placement goes where the lots of the placement's own unit leave more room.
 *
 * @param lots first-expiring first
 * @param spans those in which one of them may be spent; each lot expires where one ends
 * @returns by lot, in their order
 */
export function leftAtExpiry(
  lots: readonly SpendableLot[],
  spans: readonly Span[],
  capOfDay: CapOfDay,
): number[] {
  const left = lots.map(({ available }) => available);
  const caps = new Map<string, number>();
  for (const { fromMs, day, room: all } of spans) {
    const room = { ...all };
    let cap = caps.get(day) ?? capOfDay(day);
    const isOpen = (lot: number) =>
      left[lot]! > 0 && lots[lot]!.expiresAtMs > fromMs;
    const owned: Record<Placement, number> = { live: 0, short_video: 0 };
    lots.forEach(({ unit }, lot) => {
      if (unit !== 'ANY_IMP' && isOpen(lot))
        owned[placementOf(unit)] += left[lot]!;
    });
    const spare = (placement: Placement) => room[placement] - owned[placement];
    lots.forEach(({ unit }, lot) => {
      if (!isOpen(lot)) return;
      // Into the spare room first, and only then into what lots that expire later would have.
      for (const most of [spare, (placement: Placement) => room[placement]])
        for (const placement of PLACEMENTS) {
          if (!mayBeSpentIn(unit, placement)) continue;
          const given = Math.max(0, Math.min(left[lot]!, most(placement), cap));
          left[lot]! -= given;
          room[placement] -= given;
          if (unit !== 'ANY_IMP') owned[placement] -= given;
          cap -= given;
        }
    });
    caps.set(day, cap);
  }
  return left;
}

function placementOf(unit: 'LIVE_IMP' | 'VIDEO_IMP'): Placement {
  return unit === 'LIVE_IMP' ? 'live' : 'short_video';
}

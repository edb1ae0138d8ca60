import type { TraceSlot } from '@app/promotion';

/** What so many impressions bring in a slot, noise included: in fen, not rounded. */
export function earnedMinor(slot: TraceSlot, impressions: number): number {
  let left = impressions;
  let perThousand = 0;
  for (const segment of slot.segments) {
    if (left <= 0) break;
    const filled = Math.min(left, segment.impressions);
    perThousand += filled * segment.gmvMinorPerThousand;
    left -= filled;
  }
  return (perThousand / 1_000) * slot.noise;
}

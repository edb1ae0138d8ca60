import type { Segment } from '@app/promotion';
import type { Random } from '../world/random.js';
import { clamp } from './clamp.js';

/** Assumed, as is that returns always diminish. */
const SEGMENTS = { min: 2, max: 5 };
/** No segment is much smaller than the others: a share of an average one. */
const SMALLEST_WEIGHT = 0.15;
/** Spread of one slot's drops around those of its target. */
const DROP_SIGMA = 0.12;
const DROP = { min: 0.05, max: 0.98 };

/**
 * Diminishing returns: 2 to 5 segments of uneven size, each bringing a part of what the one ahead of it brings; no more
 * than there are impressions.
 *
 * @param capacity 1 or more
 * @param topRate what the first impressions bring, in fen per thousand
 * @param drop the part that remains from segment to segment, on average
 */
export function drawSegments(
  random: Random,
  capacity: number,
  topRate: number,
  drop: number,
): Segment[] {
  const count = random.integer(SEGMENTS.min, SEGMENTS.max);
  const weights = Array.from(
    { length: count },
    () => SMALLEST_WEIGHT - Math.log(1 - random.unit()),
  );
  const total = weights.reduce((sum, weight) => sum + weight);
  const segments: Segment[] = [];
  let left = capacity;
  let rate = topRate;
  weights.forEach((weight, i) => {
    const isLast = i === count - 1;
    const impressions = isLast
      ? left
      : Math.min(left, Math.max(1, Math.floor((capacity * weight) / total)));
    left -= impressions;
    if (impressions > 0)
      segments.push({ impressions, gmvMinorPerThousand: Math.round(rate) });
    rate *= clamp(drop + DROP_SIGMA * random.normal(), DROP.min, DROP.max);
  });
  return segments;
}

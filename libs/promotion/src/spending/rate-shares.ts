import { sum } from './habits.js';
import type { Habit, SharedHabit } from './memory.js';
import { firstBinFrom, RATE_BINS, rateOfBin } from './rate-bins.js';

/**
 * What shares of room have what rate, relative to a level: as sums from the highest bin down, so that what a price
 * takes of all of it is looked up and not added up.
 */
export interface RateShares {
  shareFrom: Float64Array;
  /** Share times relative rate. */
  rateFrom: Float64Array;
}

/** What is known of the category counts as so many slots of the merchant's own. */
export const PRIOR_SLOTS = 6;

export function rateSharesOf(habit: Habit, common: SharedHabit): RateShares {
  const own = sum(habit.roomByRate);
  const trust = own > 0 ? habit.slots / (habit.slots + PRIOR_SLOTS) : 0;
  const ownWeight = own > 0 ? trust / own : 0;
  const commonWeight = (1 - trust) / sum(common.slotsByRate);
  const shareFrom = new Float64Array(RATE_BINS + 1);
  const rateFrom = new Float64Array(RATE_BINS + 1);
  for (let bin = RATE_BINS - 1; bin >= 0; bin -= 1) {
    const share =
      ownWeight * habit.roomByRate[bin]! +
      commonWeight * common.slotsByRate[bin]!;
    shareFrom[bin] = shareFrom[bin + 1]! + share;
    rateFrom[bin] = rateFrom[bin + 1]! + share * rateOfBin(bin);
  }
  return { shareFrom, rateFrom };
}

/** The share of all room that is filled at a price, each slot as depth.ts says. */
export function shareFilledAt(
  rates: RateShares,
  relativeLogPrice: number,
  steepness: number,
): number {
  return (
    (meanExcess(rates, relativeLogPrice) -
      meanExcess(rates, relativeLogPrice + steepness)) /
    steepness
  );
}

/** The share of all room in slots that are filled at a price, but not to the end. */
export function shareBeingFilledAt(
  { shareFrom }: RateShares,
  relativeLogPrice: number,
  steepness: number,
): number {
  return (
    shareFrom[firstBinFrom(relativeLogPrice)]! -
    shareFrom[firstBinFrom(relativeLogPrice + steepness)]!
  );
}

/** By how much rates lie above a price, in the mean: those below count as none. */
function meanExcess(
  { shareFrom, rateFrom }: RateShares,
  relativeLogPrice: number,
): number {
  const bin = firstBinFrom(relativeLogPrice);
  return rateFrom[bin]! - relativeLogPrice * shareFrom[bin]!;
}

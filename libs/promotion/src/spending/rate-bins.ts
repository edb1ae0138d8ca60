/** Rates are counted in bins of a quarter on the scale of natural logarithms, four to either side of a level. */
export const RATE_BINS = 32;
const BIN_WIDTH = 0.25;

/** @param relativeLogRate the logarithm of a rate less that of the level; what lies beyond counts to the last bin */
export function binOfRate(relativeLogRate: number): number {
  const bin = Math.floor(relativeLogRate / BIN_WIDTH) + RATE_BINS / 2;
  return Math.max(0, Math.min(RATE_BINS - 1, bin));
}

/** The middle of a bin. */
export function rateOfBin(bin: number): number {
  return (bin - RATE_BINS / 2 + 0.5) * BIN_WIDTH;
}

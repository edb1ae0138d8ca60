/** Rates are counted in bins of a quarter on the scale of natural logarithms, four to either side of a level. */
export const RATE_BINS = 32;
export const BIN_WIDTH = 0.25;
/** How far the outermost bins lie from the level. */
export const MOST_RELATIVE_RATE = (RATE_BINS / 2) * BIN_WIDTH;

/** @param relativeLogRate the logarithm of a rate less that of the level; what lies beyond counts to the last bin */
export function binOfRate(relativeLogRate: number): number {
  const bin = Math.floor(relativeLogRate / BIN_WIDTH) + RATE_BINS / 2;
  return Math.max(0, Math.min(RATE_BINS - 1, bin));
}

/** The middle of a bin. */
export function rateOfBin(bin: number): number {
  return (bin - RATE_BINS / 2 + 0.5) * BIN_WIDTH;
}

/** The first bin whose middle is no less than a rate; {@link RATE_BINS} where none is. */
export function firstBinFrom(relativeLogRate: number): number {
  const bin = Math.ceil(relativeLogRate / BIN_WIDTH + RATE_BINS / 2 - 0.5);
  return Math.max(0, Math.min(RATE_BINS, bin));
}

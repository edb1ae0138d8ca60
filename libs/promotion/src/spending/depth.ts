/**
 * How GMV falls off the deeper a slot is filled: the marginal rate at a filled fraction `u` is taken for
 * `exp(-steepness * u)` of the rate of the first impression.
 */

/** The average rate of what is filled, as a share of the first impression's. */
export function averageRateShare(fraction: number, steepness: number): number {
  const depth = fraction * steepness;
  return depth < 1e-6 ? 1 - depth / 2 : -Math.expm1(-depth) / depth;
}

/** The derivative of the logarithm of {@link averageRateShare} by the logarithm of the steepness. */
export function averageRateSlope(fraction: number, steepness: number): number {
  const depth = fraction * steepness;
  return depth < 1e-6 ? -depth / 2 : depth / Math.expm1(depth) - 1;
}

/** The fraction to which a slot is filled until its marginal rate has fallen to the price. */
export function fractionAt(
  logRate: number,
  logPrice: number,
  steepness: number,
): number {
  const fraction = (logRate - logPrice) / steepness;
  return fraction <= 0 ? 0 : fraction >= 1 ? 1 : fraction;
}

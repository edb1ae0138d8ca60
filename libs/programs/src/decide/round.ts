/** One ten-thousandth. */
const BASIS_POINTS = 10_000n;

/**
 * So many basis points of a value, rounded to the nearest whole, half to even (IEEE 754, roundTiesToEven).
 *
 * @param value from zero on
 * @param basisPoints from zero on
 */
export function basisPointsOf(value: bigint, basisPoints: bigint): bigint {
  const scaled = value * basisPoints;
  const down = scaled / BASIS_POINTS;
  const twice = (scaled % BASIS_POINTS) * 2n;
  if (twice === BASIS_POINTS) return down + (down % 2n);
  return twice > BASIS_POINTS ? down + 1n : down;
}

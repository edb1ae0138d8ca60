/** What is believed of one additive effect on the logarithm of a rate: a normal distribution. */
export interface Effect {
  mean: number;
  variance: number;
}

/** An effect as it enters an observation. */
export interface Term {
  effect: Effect;
  weight: number;
  /** The variance that it never falls below, so that it goes on learning. */
  leastVariance: number;
}

/** What is believed of the sum of some effects. */
export function sumOf(terms: readonly Term[]): Effect {
  let mean = 0;
  let variance = 0;
  for (const { effect, weight } of terms) {
    mean += weight * effect.mean;
    variance += weight * weight * effect.variance;
  }
  return { mean, variance };
}

/**
 * Moves the effects by what was observed of their sum. The update of a Kalman filter that keeps only the diagonal of
 * its covariance: a surprise is shared among the effects in proportion to how little is known of each.
 *
 * @param surprise what was observed less what was believed
 */
export function learnFrom(
  terms: readonly Term[],
  surprise: number,
  noiseVariance: number,
): void {
  const total = noiseVariance + sumOf(terms).variance;
  for (const { effect, weight, leastVariance } of terms) {
    const gain = (weight * effect.variance) / total;
    effect.mean += gain * surprise;
    effect.variance = Math.max(
      leastVariance,
      effect.variance * (1 - gain * weight),
    );
  }
}

import type { Placement } from '@app/contracts';
import { expectedRoom, type Outlook } from './outlook.js';

/**
 * Much or little room may come. Each scenario is one of five equally likely fifths, by the standard normal deviate in
 * its middle; in one scenario there is much, or little, everywhere.
 */
export const DEVIATES = [-1.2816, -0.5244, 0, 0.5244, 1.2816];
export const SCENARIOS = DEVIATES.length;

/**
 * Slots do not come one by one: a stream has several, a video many, and a merchant who stays away brings none of them.
 * So many slots are taken to come or not to come together.
 */
export const SLOTS_TOGETHER: Record<Placement, number> = {
  live: 10,
  short_video: 5,
};

/** What is known of all merchants, as bunches that were seen of this one. */
export const PRIOR_BUNCHES = 1;

/**
 * The impressions of room before an instant in each scenario: quantiles of a gamma distribution with the mean that is
 * expected. Its relative variance is that of the number of bunches to come and, besides, that of their rate, which is
 * the less certain the fewer were seen: together that of a negative binomial distribution. Quantiles by the
 * approximation of E. Wilson and M. Hilferty, "The Distribution of Chi-Square", PNAS 17, 1931.
 */
export function roomInScenarios(outlook: Outlook, untilMs: number): number[] {
  const mean = expectedRoom(outlook, untilMs);
  const together = SLOTS_TOGETHER[outlook.placement];
  const toCome = (mean * outlook.slotsPerImpression) / together;
  const seen = PRIOR_BUNCHES + outlook.slotsSeen / together;
  const bunches = 1 / (1 / toCome + 1 / seen);
  const middle = 1 - 1 / (9 * bunches);
  const spread = 1 / (3 * Math.sqrt(bunches));
  return DEVIATES.map((deviate) => {
    const root = middle + deviate * spread;
    return bunches > 0 && root > 0 ? mean * root * root * root : 0;
  });
}

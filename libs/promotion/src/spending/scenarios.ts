import type { Placement } from '@app/contracts';
import { expectedRoom, type Outlook } from './outlook.js';

/**
 * Much or little room may come. Each scenario is one of five equally likely fifths, by the standard normal deviate in
 * its middle; in one scenario there is much, or little, everywhere.
 */
export const SCENARIO_DEVIATES = [-1.2816, -0.5244, 0, 0.5244, 1.2816];

/**
 * Slots do not come one by one: a stream has several, a video many, and a merchant who stays away brings none of them.
 * So many slots are taken to come or not to come together.
 */
const SLOTS_TOGETHER: Record<Placement, number> = { live: 10, short_video: 5 };

/**
 * The impressions of room before an instant in a scenario: the quantile of a gamma distribution with the mean that is
 * expected, whose shape is the number of bunches of slots. By the approximation of E. Wilson and M. Hilferty, "The
 * Distribution of Chi-Square", PNAS 17, 1931.
 */
export function roomInScenario(
  outlook: Outlook,
  untilMs: number,
  deviate: number,
): number {
  const mean = expectedRoom(outlook, untilMs);
  const bunches =
    (mean * outlook.slotsPerImpression) / SLOTS_TOGETHER[outlook.placement];
  if (!(bunches > 0)) return 0;
  const root = 1 - 1 / (9 * bunches) + deviate / (3 * Math.sqrt(bunches));
  return root <= 0 ? 0 : mean * root ** 3;
}

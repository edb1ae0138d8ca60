import {
  asFields,
  asItems,
  asList,
  asText,
  asTime,
  asWhole,
  repeated,
  when,
  type Disagreement,
  type Fields,
} from './loose-fields.js';
import type { FieldPath } from './program-document.js';
import {
  expiryDisagreements,
  notExactlyOne,
  rewardDisagreements,
  withoutPool,
} from './program-reward-disagreements.js';
import {
  MAX_SECONDS_A_DAY,
  MAX_SETTLEMENT_DAYS,
  PAYOUTS,
} from './program-schema.js';
import {
  CHANNEL_METRICS,
  DAY_METRICS,
  METRICS,
  ONCE_METRICS,
  SESSION_METRICS,
  type Metric,
} from '../program.js';
import { DAY_MS } from '../time/time-zone.js';

/** A leap year: a merchant's days are kept one by one. */
const MAX_DAYS_COUNTED = 366;

/** Where a goal disagrees with itself or with its program. */
export function goalDisagreements(
  file: Fields,
  goal: Fields,
  path: FieldPath,
): Disagreement[] {
  const metric = METRICS.find((known) => known === goal.metric);
  return [
    ...withoutItsPeriod(file, goal, path),
    ...settlement(file, goal, path),
    ...(Object.keys(goal).length > 0
      ? notExactlyOne(PAYOUTS, goal, path, 'payout')
      : []),
    ...(metric ? metricDisagreements(file, goal, metric, path) : []),
    ...repeated(asItems(goal.channels), (c) => [...path, 'channels', c]),
    ...['tiers', 'highestTier'].flatMap((field) =>
      tierDisagreements(file, asList(goal[field]), [...path, field]),
    ),
    ...everyDisagreements(file, asFields(goal.every), [...path, 'every']),
    ...rateDisagreements(file, asFields(goal.rate), [...path, 'rate']),
  ];
}

function withoutItsPeriod(
  file: Fields,
  { period }: Fields,
  path: FieldPath,
): Disagreement[] {
  const expected = 'expected day, week or month, since there';
  return [
    ...when(
      period === 'window' && file.window === undefined,
      [...path, 'period'],
      `${expected} is no window`,
    ),
    ...when(
      period === 'stage' && file.stages === undefined,
      [...path, 'period'],
      `${expected} are no stages`,
    ),
  ];
}

function settlement(
  file: Fields,
  { period, settlesAfterDays, rate }: Fields,
  path: FieldPath,
): Disagreement[] {
  const settlesAt = [...path, 'settlesAfterDays'];
  const settles = settlesAfterDays !== undefined;
  const graceHours = asWhole(file.graceHours);
  return [
    ...when(
      rate !== undefined && !settles && period !== 'lifetime',
      settlesAt,
      `expected a whole number from 0 to ${MAX_SETTLEMENT_DAYS}, since a rate is paid once a period`,
    ),
    ...when(
      rate !== undefined && period === 'lifetime',
      [...path, 'period'],
      'expected another period than lifetime, since a rate is paid after its end',
    ),
    ...when(
      settles && rate === undefined && period === 'lifetime',
      settlesAt,
      'expected no such field, since lifetime does not end',
    ),
    ...when(
      settles && period === 'session' && file.window === undefined,
      settlesAt,
      'expected a window too, since sessions settle after its end',
    ),
    ...when(
      asWhole(settlesAfterDays) * 24 < graceHours,
      settlesAt,
      `expected at least ${Math.ceil(graceHours / 24)}, since graceHours lets events in until then`,
    ),
  ];
}

function metricDisagreements(
  file: Fields,
  goal: Fields,
  metric: Metric,
  path: FieldPath,
): Disagreement[] {
  const countsDays = DAY_METRICS.includes(metric);
  return [
    ...when(
      goal.channels !== undefined && !CHANNEL_METRICS.includes(metric),
      [...path, 'channels'],
      `expected no such field, since ${metric} has no channel`,
    ),
    ...when(
      countsDays && goal.secondsADay === undefined,
      [...path, 'secondsADay'],
      `expected a whole number from 1 to ${MAX_SECONDS_A_DAY}`,
    ),
    ...when(
      !countsDays && goal.secondsADay !== undefined,
      [...path, 'secondsADay'],
      `expected no such field, since ${metric} counts no days`,
    ),
    ...(countsDays ? countlessDays(file, goal, metric, path) : []),
    ...when(
      !countsDays &&
        goal.period === 'session' &&
        !SESSION_METRICS.includes(metric),
      [...path, 'period'],
      `expected another period than session, since ${metric} belongs to none`,
    ),
    ...(ONCE_METRICS.includes(metric) ? moreThanOnce(goal, metric, path) : []),
  ];
}

function countlessDays(
  file: Fields,
  { period }: Fields,
  metric: Metric,
  path: FieldPath,
): Disagreement[] {
  const periodAt = [...path, 'period'];
  const spans = [
    ...(period === 'window' ? [asFields(file.window)] : []),
    ...(period === 'stage' ? asList(file.stages) : []),
  ];
  return [
    ...when(
      period === 'session' || period === 'lifetime',
      periodAt,
      `expected day, week, month, stage or window, since ${metric} counts days`,
    ),
    ...when(
      spans.some(
        ({ from, until }) =>
          asTime(until) - asTime(from) > MAX_DAYS_COUNTED * DAY_MS,
      ),
      periodAt,
      `expected a ${asText(period)} of at most ${MAX_DAYS_COUNTED} days, since ${metric} counts days`,
    ),
  ];
}

/** What happens once does not reach a threshold of two. */
function moreThanOnce(
  goal: Fields,
  metric: Metric,
  path: FieldPath,
): Disagreement[] {
  const once = `since ${metric} happens once`;
  return [
    ...['tiers', 'highestTier'].flatMap((field) =>
      asList(goal[field]).flatMap(({ at }, t) =>
        when(asWhole(at) > 1, [...path, field, t, 'at'], `expected 1, ${once}`),
      ),
    ),
    ...when(
      asWhole(asFields(goal.every).count) > 1,
      [...path, 'every', 'count'],
      `expected 1, ${once}`,
    ),
    ...when(
      goal.rate !== undefined,
      [...path, 'rate'],
      `expected tiers in its place, ${once}`,
    ),
  ];
}

function tierDisagreements(
  file: Fields,
  tiers: readonly Fields[],
  path: FieldPath,
): Disagreement[] {
  return [
    ...repeated(
      tiers.map(({ tier }) => tier),
      (t) => [...path, t, 'tier'],
    ),
    ...tiers.flatMap((tier, t) => {
      const below = asWhole(tiers[t - 1]?.at);
      return [
        ...when(
          asWhole(tier.at) <= below,
          [...path, t, 'at'],
          `expected more than ${below}, as the tier above it has`,
        ),
        ...asList(tier.rewards).flatMap((reward, r) =>
          rewardDisagreements(file, reward, [...path, t, 'rewards', r]),
        ),
      ];
    }),
  ];
}

function everyDisagreements(
  file: Fields,
  every: Fields,
  path: FieldPath,
): Disagreement[] {
  return asList(every.rewards).flatMap((reward, r) => {
    const rewardPath = [...path, 'rewards', r];
    return [
      ...withoutPool(file, reward, rewardPath),
      ...expiryDisagreements(file, reward, rewardPath),
    ];
  });
}

function rateDisagreements(
  file: Fields,
  rate: Fields,
  path: FieldPath,
): Disagreement[] {
  return [
    ...withoutPool(file, rate, path),
    ...expiryDisagreements(file, rate, path),
  ];
}

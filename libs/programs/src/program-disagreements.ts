import { UNITS } from '@app/contracts';
import type { FieldPath } from './program-document.js';
import { MAX_EXPIRY_DAYS } from './program-schema.js';

export interface Disagreement {
  path: FieldPath;
  expected: string;
}

const EXPIRY = `expected a whole number from 1 to ${MAX_EXPIRY_DAYS}`;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Where the fields of a program file contradict each other. Passes over whatever is not of the right form
 * (the schema names that), so that all mistakes of a file come to light at once.
 */
export function disagreements(content: unknown): Disagreement[] {
  const file = asFields(content);
  const goals = asList(file.goals);
  return [
    ...inWindowOrder(file.window),
    ...repeated(namesOf(goals, 'goal'), (g) => ['goals', g, 'goal']),
    ...goals.flatMap((goal, g) => {
      const tiersPath = ['goals', g, 'tiers'];
      const tiers = asList(goal.tiers);
      return [
        ...windowPeriod(file, goal, g),
        ...repeated(namesOf(tiers, 'tier'), (t) => [...tiersPath, t, 'tier']),
        ...repeated(Array.isArray(goal.channels) ? goal.channels : [], (c) => [
          'goals',
          g,
          'channels',
          c,
        ]),
        ...notAscending(tiers, tiersPath),
        ...tiers.flatMap((tier, t) => {
          const rewardsPath = [...tiersPath, t, 'rewards'];
          return [
            ...withoutPool(file, tier, rewardsPath),
            ...withoutExpiry(tier, rewardsPath),
          ];
        }),
      ];
    }),
  ];
}

function inWindowOrder(value: unknown): Disagreement[] {
  const { from, until } = asFields(value);
  // A comparison with what is no time is false.
  return Date.parse(String(from)) >= Date.parse(String(until))
    ? [{ path: ['window', 'until'], expected: 'expected a time after from' }]
    : [];
}

function windowPeriod(file: Fields, goal: Fields, g: number): Disagreement[] {
  return goal.period === 'window' && file.window === undefined
    ? [
        {
          path: ['goals', g, 'period'],
          expected: 'expected day, week or month, since there is no window',
        },
      ]
    : [];
}

/** Each name that stands further up in its list too. */
function repeated(
  names: readonly unknown[],
  pathOf: (i: number) => FieldPath,
): Disagreement[] {
  return names.flatMap((name, i) =>
    typeof name === 'string' && names.indexOf(name) < i
      ? [
          {
            path: pathOf(i),
            expected: `expected another name: "${name}" stands further up`,
          },
        ]
      : [],
  );
}

function notAscending(
  tiers: readonly Fields[],
  path: FieldPath,
): Disagreement[] {
  return tiers.flatMap(({ at }, t) => {
    const below = tiers[t - 1]?.at;
    return typeof at === 'number' && typeof below === 'number' && at <= below
      ? [
          {
            path: [...path, t, 'at'],
            expected: `expected more than ${below}, as the tier above it has`,
          },
        ]
      : [];
  });
}

function withoutPool(
  file: Fields,
  tier: Fields,
  path: FieldPath,
): Disagreement[] {
  const pools = asFields(file.pools);
  return asList(tier.rewards).flatMap(({ unit }, r) =>
    UNITS.some((known) => known === unit) && !Object.hasOwn(pools, String(unit))
      ? [
          {
            path: [...path, r, 'unit'],
            expected: `expected a unit with a pool: pools has no ${String(unit)}`,
          },
        ]
      : [],
  );
}

/** Only cash lasts for good. */
function withoutExpiry(tier: Fields, path: FieldPath): Disagreement[] {
  return asList(tier.rewards).flatMap((reward, r) =>
    Object.keys(reward).length > 0 &&
    reward.unit !== 'CNY' &&
    reward.expiresAfterDays === undefined
      ? [{ path: [...path, r, 'expiresAfterDays'], expected: EXPIRY }]
      : [],
  );
}

function namesOf(items: readonly Fields[], field: string): unknown[] {
  return items.map((item) => item[field]);
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function asList(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asFields) : [];
}

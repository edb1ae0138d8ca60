import { UNITS } from '@app/contracts';
import {
  asFields,
  asText,
  asTime,
  asWhole,
  when,
  type Disagreement,
  type Fields,
} from './loose-fields.js';
import type { FieldPath } from './program-document.js';
import { AMOUNTS, MAX_EXPIRY_DAYS } from './program-schema.js';

/** Where a reward disagrees with itself or with its program. */
export function rewardDisagreements(
  file: Fields,
  reward: Fields,
  path: FieldPath,
): Disagreement[] {
  return [
    ...notOneAmount(reward, path),
    ...withoutPool(file, reward, path),
    ...drawnFromNothing(reward, path),
    ...shareOfNothing(file, reward, path),
    ...expiryDisagreements(file, reward, path),
  ];
}

export function withoutPool(
  file: Fields,
  { unit }: Fields,
  path: FieldPath,
): Disagreement[] {
  return when(
    isUnit(unit) && !Object.hasOwn(asFields(file.pools), unit),
    [...path, 'unit'],
    `expected a unit with a pool: pools has no ${asText(unit)}`,
  );
}

/** Only cash lasts for good. */
export function expiryDisagreements(
  file: Fields,
  reward: Fields,
  path: FieldPath,
): Disagreement[] {
  const { unit, expiresAfterDays, expiresAt } = reward;
  const start = asTime(asFields(file.window).from);
  return [
    ...when(
      Object.keys(reward).length > 0 &&
        unit !== 'CNY' &&
        expiresAfterDays === undefined &&
        expiresAt === undefined,
      [...path, 'expiresAfterDays'],
      `expected a whole number from 1 to ${MAX_EXPIRY_DAYS}`,
    ),
    ...when(
      expiresAfterDays !== undefined && expiresAt !== undefined,
      [...path, 'expiresAt'],
      'expected no second expiry beside expiresAfterDays',
    ),
    ...when(
      asTime(expiresAt) <= start,
      [...path, 'expiresAt'],
      'expected a time after the window begins',
    ),
  ];
}

/** The first of the fields that is there is right; none, or another one, is not. */
export function notExactlyOne(
  those: readonly string[],
  item: Fields,
  path: FieldPath,
  what: string,
): Disagreement[] {
  const [first, ...others] = those.filter((one) => item[one] !== undefined);
  if (first === undefined)
    return [
      {
        path: [...path, those[0]!],
        expected: `expected one of ${those.join(', ')}`,
      },
    ];
  return others.map((other) => ({
    path: [...path, other],
    expected: `expected no second ${what} beside ${first}`,
  }));
}

function notOneAmount(reward: Fields, path: FieldPath): Disagreement[] {
  return Object.keys(reward).length > 0
    ? notExactlyOne(AMOUNTS, reward, path, 'amount')
    : [];
}

function drawnFromNothing(reward: Fields, path: FieldPath): Disagreement[] {
  const { from, to } = asFields(reward.draw);
  return when(
    asWhole(from) > asWhole(to),
    [...path, 'draw', 'to'],
    `expected at least ${asWhole(from)}, as from has`,
  );
}

function shareOfNothing(
  file: Fields,
  { unit, poolShare }: Fields,
  path: FieldPath,
): Disagreement[] {
  const parts = asWhole(asFields(poolShare).partsPerMillion);
  const pool = isUnit(unit) ? asWhole(asFields(file.pools)[unit]) : NaN;
  return when(
    // Far below what doubles blur: a product near a million is exact.
    parts * pool < 1_000_000,
    [...path, 'poolShare', 'partsPerMillion'],
    `expected a larger share: it is less than 1 of a pool of ${pool}`,
  );
}

function isUnit(value: unknown): value is string {
  return UNITS.some((unit) => unit === value);
}

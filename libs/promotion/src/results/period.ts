import { localDay } from '../local-day.js';
import { DAY_MS } from '../spending/local-time.js';
import type { Period } from './baseline.js';

const DEFAULT_DAYS = 30;
const MAX_DAYS = 400;

/** An end of a period that cannot be. */
export class PeriodError extends Error {
  constructor(
    readonly field: 'from' | 'to',
    readonly value: string,
    readonly expected: string,
  ) {
    super(`${field} is "${value}": ${expected}`);
  }
}

/**
 * Days of Asia/Shanghai, 400 at most: to today, from 29 days before that, where they are not given.
 *
 * @throws PeriodError naming the end that is wrong
 */
export function parsePeriod(
  given: { from?: string | undefined; to?: string | undefined },
  nowMs: number,
): Period {
  const to = parseDay('to', given.to ?? localDay(nowMs));
  const from = parseDay('from', given.from ?? daysAfter(to, 1 - DEFAULT_DAYS));
  if (from > to)
    throw new PeriodError('to', to, `expected a day not before ${from}`);
  if (daysAfter(from, MAX_DAYS - 1) < to)
    throw new PeriodError(
      'from',
      from,
      `expected a day within ${MAX_DAYS} days of ${to}`,
    );
  return { from, to };
}

function parseDay(field: 'from' | 'to', text: string): string {
  const day = new Date(text);
  // JavaScript takes the 30th of February for the 1st of March; in the first year there is no room for a month before.
  if (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    text >= '0001-01-01' &&
    day.toJSON()?.startsWith(text)
  )
    return text;
  throw new PeriodError(field, text, 'expected a day such as 2024-11-11');
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

import { localDay, type Period } from '@app/promotion';
import { UsageError } from '../support/cli.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 400;

/**
 * Reads days of Asia/Shanghai from `--from` and `--to`: to today, from 29 days before that, where they are not given.
 *
 * @throws UsageError naming the option
 */
export function parseLocalPeriod(
  options: { from?: string | undefined; to?: string | undefined },
  nowMs: number,
): Period {
  const to = parseDay('to', options.to ?? localDay(nowMs));
  const from = parseDay(
    'from',
    options.from ?? daysAfter(to, 1 - DEFAULT_DAYS),
  );
  if (from > to)
    throw new UsageError(`--to is "${to}": expected a day not before ${from}.`);
  if (daysAfter(from, MAX_DAYS - 1) < to)
    throw new UsageError(
      `--from is "${from}": expected a day within ${MAX_DAYS} days of ${to}.`,
    );
  return { from, to };
}

function parseDay(option: string, text: string): string {
  const day = new Date(text);
  // JavaScript takes the 30th of February for the 1st of March.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || !day.toJSON()?.startsWith(text))
    throw new UsageError(
      `--${option} is "${text}": expected a day such as 2024-11-11.`,
    );
  return text;
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

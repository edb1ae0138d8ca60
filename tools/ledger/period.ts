import { isTimeZone } from '@app/programs/time-zone';
import { UsageError } from '../support/cli.js';
import { instantInZone, readInstant } from '../support/read-instant.js';

/** RFC 3339, UTC; null where it is open. */
export interface Period {
  from: string | null;
  /** The first instant behind it. */
  to: string | null;
}

/** What a user may say of a period; the names are those of the options. */
export interface PeriodOptions {
  period?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Of the platform's days, as the programs have them. */
export const DEFAULT_TIME_ZONE = 'Asia/Shanghai';

/**
 * Reads a period from `--period`, or from `--from` and `--to`; open on both sides where nothing is said.
 *
 * @param zone IANA name: of the days
 * @throws UsageError naming the option
 */
export function parsePeriod(
  { period, from, to }: PeriodOptions,
  zone: string,
): Period {
  if (period !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new UsageError('Give --period, or --from and --to, not both.');
    return parseNamed(period, zone);
  }
  const read = {
    from: from === undefined ? null : parseInstant('from', from, zone),
    to: to === undefined ? null : parseInstant('to', to, zone),
  };
  if (read.from !== null && read.to !== null && read.from >= read.to)
    throw new UsageError(
      `--to is "${to}": expected a time after --from, "${from}".`,
    );
  return read;
}

/** @throws UsageError where there is no such zone */
export function parseTimeZone(name: string = DEFAULT_TIME_ZONE): string {
  if (!isTimeZone(name))
    throw new UsageError(
      `--time-zone is "${name}": expected an IANA name such as Asia/Shanghai or UTC.`,
    );
  return name;
}

const NAMED = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** A year, a month or a day of the zone. */
function parseNamed(text: string, zone: string): Period {
  const [, year, month, day] = NAMED.exec(text) ?? [];
  const start = readDay(`${year}-${month ?? '01'}-${day ?? '01'}`);
  if (!start)
    throw new UsageError(
      `--period is "${text}": expected a year, a month or a day, such as 2024, 2024-11 or 2024-11-11.`,
    );
  const end = new Date(start);
  if (day) end.setUTCDate(end.getUTCDate() + 1);
  else if (month) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  return {
    from: startOfDay(start, zone),
    to: startOfDay(end, zone),
  };
}

function parseInstant(option: string, text: string, zone: string): string {
  const day = readDay(text);
  if (day) return startOfDay(day, zone);
  const instant = readInstant(text);
  if (instant) return instant.toISOString();
  throw new UsageError(
    `--${option} is "${text}": expected a date such as 2024-11-11, or a time with its offset such as 2024-11-11T20:00:00+08:00.`,
  );
}

/** @param day its midnight, as if the zone were UTC */
function startOfDay(day: Date, zone: string): string {
  return instantInZone(day, zone).toISOString();
}

/** Its midnight, as if the zone were UTC; null where there is no such day. */
function readDay(text: string): Date | null {
  return readInstant(`${text}T00:00:00Z`);
}

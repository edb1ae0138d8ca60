import type { PeriodKind, Program } from './program.js';
import { DAY_MS, timeZone } from './time-zone.js';

/** 1970-01-01 was a Thursday: this many days after a Monday. */
const EPOCH_DAYS_AFTER_MONDAY = 3;

/**
 * The period of a program that an instant falls into, by a key that orders and reads like a date:
 * `day:2024-11-11`, `week:2024-11-11` (its Monday), `month:2024-11`, `window`. Days are the calendar's in
 * the program's time zone, also where clocks change.
 *
 * @param atMs milliseconds since the epoch
 */
export function periodKey(
  kind: PeriodKind,
  atMs: number,
  program: Pick<Program, 'timeZone'>,
): string {
  if (kind === 'window') return kind;
  const offsetMs = timeZone(program.timeZone).offsetMs(atMs);
  const localDay = Math.floor((atMs + offsetMs) / DAY_MS);
  switch (kind) {
    case 'day':
      return `day:${isoDate(localDay)}`;
    case 'week': {
      const weekday = mod(localDay + EPOCH_DAYS_AFTER_MONDAY, 7);
      return `week:${isoDate(localDay - weekday)}`;
    }
    case 'month':
      return `month:${isoDate(localDay).slice(0, 'yyyy-mm'.length)}`;
  }
}

/** Whether a program counts what was paid at an instant. */
export function inWindow(
  { window }: Pick<Program, 'window'>,
  atMs: number,
): boolean {
  return window === null || (window.fromMs <= atMs && atMs < window.untilMs);
}

/** The date that was named last: nearly always it is asked for again. */
let named = { day: Number.NaN, date: '' };

function isoDate(daysSinceEpoch: number): string {
  if (named.day !== daysSinceEpoch) {
    const date = new Date(daysSinceEpoch * DAY_MS).toISOString().slice(0, 10);
    named = { day: daysSinceEpoch, date };
  }
  return named.date;
}

function mod(a: number, b: number): number {
  return ((a % b) + b) % b;
}

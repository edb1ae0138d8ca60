import { Kept } from '../kept.js';
import type { PeriodKind } from '../program.js';
import { DAY_MS, timeZone, type TimeZone } from './time-zone.js';

/** 1970-01-01 was a Thursday: this many days after a Monday. */
const EPOCH_DAYS_AFTER_MONDAY = 3;
const DAYS_A_WEEK = 7;

/** The kinds of periods that a calendar makes. */
export type CalendarPeriod = Extract<PeriodKind, 'day' | 'week' | 'month'>;

/** A day, week or month. */
export interface CalendarSpan {
  /** Orders and reads like a date: `day:2024-11-11`, `week:2024-11-11` (its Monday), `month:2024-11`. */
  key: string;
  /** The first instant behind it: milliseconds since the epoch. */
  endMs: number;
}

/** Days, weeks (from Monday) and months as the clocks of a time zone have them, also where they change. */
export class Calendar {
  readonly #zone: TimeZone;
  readonly #periods = {
    day: new Kept((day: number) => this.#read('day', day)),
    week: new Kept((day: number) => this.#read('week', day)),
    month: new Kept((day: number) => this.#read('month', day)),
  };
  readonly #dayStarts = new Kept((day: number) => this.#readDayStart(day));
  // All goals ask for the day of an event one after the other.
  #lastAtMs = NaN;
  #lastDay = NaN;

  /** @throws RangeError where there is no such zone */
  constructor(zoneName: string) {
    this.#zone = timeZone(zoneName);
  }

  /** The local day of an instant, as days since 1970-01-01. */
  localDay(atMs: number): number {
    if (atMs !== this.#lastAtMs) {
      this.#lastDay = Math.floor((atMs + this.#zone.offsetMs(atMs)) / DAY_MS);
      this.#lastAtMs = atMs;
    }
    return this.#lastDay;
  }

  /** The period that a local day falls into. */
  periodOf(kind: CalendarPeriod, localDay: number): CalendarSpan {
    return this.#periods[kind].of(localDay);
  }

  /** The first instant of a local day; that of the clocks' change where they pass midnight over. */
  dayStartMs(localDay: number): number {
    return this.#dayStarts.of(localDay);
  }

  #readDayStart(localDay: number): number {
    const midnightMs = localDay * DAY_MS;
    const starts = [midnightMs - DAY_MS, midnightMs + DAY_MS]
      .map((nearMs) => midnightMs - this.#zone.offsetMs(nearMs))
      .filter((startMs) => this.localDay(startMs) === localDay);
    // Where a zone has passed a whole day over, the next one begins instead.
    return starts.length > 0
      ? Math.min(...starts)
      : this.dayStartMs(localDay + 1);
  }

  #read(kind: CalendarPeriod, localDay: number): CalendarSpan {
    switch (kind) {
      case 'day':
        return {
          key: `day:${isoDate(localDay)}`,
          endMs: this.dayStartMs(localDay + 1),
        };
      case 'week': {
        const monday =
          localDay - mod(localDay + EPOCH_DAYS_AFTER_MONDAY, DAYS_A_WEEK);
        return {
          key: `week:${isoDate(monday)}`,
          endMs: this.dayStartMs(monday + DAYS_A_WEEK),
        };
      }
      case 'month': {
        const date = new Date(localDay * DAY_MS);
        const nextMonthMs = Date.UTC(
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
        );
        return {
          key: `month:${isoDate(localDay).slice(0, 'yyyy-mm'.length)}`,
          endMs: this.dayStartMs(nextMonthMs / DAY_MS),
        };
      }
    }
  }
}

const calendars = new Map<string, Calendar>();

/** The calendar of a time zone, made once. As many as the programs name. */
export function calendar(zoneName: string): Calendar {
  let known = calendars.get(zoneName);
  if (!known) {
    known = new Calendar(zoneName);
    calendars.set(zoneName, known);
  }
  return known;
}

function isoDate(daysSinceEpoch: number): string {
  return new Date(daysSinceEpoch * DAY_MS).toISOString().slice(0, 10);
}

function mod(a: number, b: number): number {
  return ((a % b) + b) % b;
}

export const HOUR_MS = 3_600_000;
/** Asia/Shanghai: its clocks have stood still against UTC since 1991, and no event is of a time before 2000. */
const SHANGHAI_OFFSET_HOURS = 8;
export const SHANGHAI_OFFSET_MS = SHANGHAI_OFFSET_HOURS * HOUR_MS;
/** 1970-01-01 was a Thursday: this many days after a Monday. */
const EPOCH_DAYS_AFTER_MONDAY = 3;

export const DAY_MS = 24 * HOUR_MS;

/** The hours since 1970-01-01T00:00 as clocks in Asia/Shanghai show them. */
export function localHour(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) + SHANGHAI_OFFSET_HOURS;
}

export function hourOfDay(localHour: number): number {
  return localHour % 24;
}

/** 0 for Monday. */
export function dayOfWeek(localHour: number): number {
  return (Math.floor(localHour / 24) + EPOCH_DAYS_AFTER_MONDAY) % 7;
}

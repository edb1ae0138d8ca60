export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Asia/Shanghai has had no summer time since 1991. */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** Midnight in Asia/Shanghai of the day that a moment falls in; both in milliseconds since the epoch. */
export function startOfDayMs(atMs: number): number {
  const local = atMs + SHANGHAI_OFFSET_MS;
  return local - (local % DAY_MS) - SHANGHAI_OFFSET_MS;
}

/** The hour of the day in Asia/Shanghai, from 0 to below 24, with a fraction. */
export function hourOfDay(atMs: number): number {
  return (atMs - startOfDayMs(atMs)) / HOUR_MS;
}

/** The day of the week in Asia/Shanghai, from 0 for Sunday to 6. */
export function weekdayOf(atMs: number): number {
  const days = Math.floor((atMs + SHANGHAI_OFFSET_MS) / DAY_MS);
  return (days + EPOCH_WEEKDAY) % 7;
}

import { DAY_MS, SHANGHAI_OFFSET_MS } from './spending/local-time.js';

/** The day in Asia/Shanghai that an instant is of: `yyyy-mm-dd`. */
export function localDay(atMs: number): string {
  return new Date(atMs + SHANGHAI_OFFSET_MS)
    .toISOString()
    .slice(0, 'yyyy-mm-dd'.length);
}

/** When a day in Asia/Shanghai begins: milliseconds since the epoch. */
export function startOfDayMs(day: string): number {
  return Date.parse(day) - SHANGHAI_OFFSET_MS;
}

/** When the day behind it begins. */
export function endOfDayMs(day: string): number {
  return startOfDayMs(day) + DAY_MS;
}

/** Asia/Shanghai: its clocks have stood still against UTC since 1991, and no event is of a time before 2000. */
const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The day in Asia/Shanghai that an instant is of: `yyyy-mm-dd`. */
export function localDay(atMs: number): string {
  return new Date(atMs + OFFSET_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

/** When the day behind a day in Asia/Shanghai begins: milliseconds since the epoch. */
export function endOfDayMs(day: string): number {
  return Date.parse(day) - OFFSET_MS + DAY_MS;
}

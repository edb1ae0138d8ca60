/** Clocks change at whole quarters of an hour, everywhere and for decades: within one it is the same date. */
export const QUARTER_MS = 15 * 60_000;

const DAY_MS = 24 * 60 * 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const dates = new Map<string, string>();

/** The local date, e.g. `2024-11-11`. */
export function localDate(timeZone: string, atMs: number): string {
  const key = `${timeZone} ${Math.floor(atMs / QUARTER_MS)}`;
  let date = dates.get(key);
  if (date === undefined) {
    date = format(timeZone).format(atMs);
    dates.set(key, date);
  }
  return date;
}

/** The date so many days after another. */
export function daysAfter(date: string, days: number): string {
  const noonMs = Date.parse(`${date}T12:00:00Z`);
  return new Date(noonMs + days * DAY_MS).toISOString().slice(0, 10);
}

/** The Monday of the date's week. */
export function mondayOf(date: string): string {
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
  return daysAfter(date, -((weekday + 6) % 7));
}

function format(timeZone: string): Intl.DateTimeFormat {
  let found = formats.get(timeZone);
  if (!found) {
    // Swedish dates are written as in ISO 8601.
    found = new Intl.DateTimeFormat('sv-SE', { timeZone });
    formats.set(timeZone, found);
  }
  return found;
}

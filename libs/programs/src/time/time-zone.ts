export const DAY_MS = 86_400_000;

/** More than the days from 2000 to 2100, all that an event can carry. */
const MAX_DAYS_KEPT = 40_000;

/** A day of UTC in a zone, with the one change of the clocks that it may hold. */
interface ZoneDay {
  offsetMs: number;
  /** Infinity where the clocks stay. */
  changesAtMs: number;
  offsetAfterMs: number;
}

/**
 * How far a zone's local time is ahead of UTC, at any instant. Asking `Intl` costs microseconds, so it is
 * asked once a day: at the day's two ends, and for the exact moment only where these differ.
 */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, ZoneDay>();

  /**
   * @param name IANA name, e.g. `Asia/Shanghai`
   * @throws RangeError where there is no such zone
   */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** @param atMs milliseconds since the epoch */
  offsetMs(atMs: number): number {
    const day = Math.floor(atMs / DAY_MS);
    let zoneDay = this.#days.get(day);
    if (!zoneDay) {
      if (this.#days.size >= MAX_DAYS_KEPT) this.#days.clear();
      zoneDay = this.#readDay(day * DAY_MS);
      this.#days.set(day, zoneDay);
    }
    return atMs < zoneDay.changesAtMs
      ? zoneDay.offsetMs
      : zoneDay.offsetAfterMs;
  }

  #readDay(startMs: number): ZoneDay {
    const offsetMs = this.#ask(startMs);
    const offsetAfterMs = this.#ask(startMs + DAY_MS);
    if (offsetMs === offsetAfterMs)
      return { offsetMs, changesAtMs: Infinity, offsetAfterMs };
    // Clocks change on a full second: halve the day until it is found.
    let beforeMs = startMs;
    let changesAtMs = startMs + DAY_MS;
    while (changesAtMs - beforeMs > 1_000) {
      const seconds = Math.floor((changesAtMs - beforeMs) / 2_000);
      const middleMs = beforeMs + seconds * 1_000;
      if (this.#ask(middleMs) === offsetMs) beforeMs = middleMs;
      else changesAtMs = middleMs;
    }
    return { offsetMs, changesAtMs, offsetAfterMs };
  }

  /** @param atMs a full second */
  #ask(atMs: number): number {
    const local = new Map<string, number>();
    for (const { type, value } of this.#format.formatToParts(atMs))
      local.set(type, Number(value));
    const localMs = Date.UTC(
      local.get('year')!,
      local.get('month')! - 1,
      local.get('day'),
      local.get('hour'),
      local.get('minute'),
      local.get('second'),
    );
    return localMs - atMs;
  }
}

const zones = new Map<string, TimeZone>();

/** The zone of a name, made once. As many as the programs name. */
export function timeZone(name: string): TimeZone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new TimeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

export function isTimeZone(name: string): boolean {
  try {
    timeZone(name);
    return true;
  } catch {
    return false;
  }
}

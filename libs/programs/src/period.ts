import { calendar, type Calendar, type CalendarPeriod } from './calendar.js';
import type { PeriodKind, Program, Span, Stage } from './program.js';
import { rowKey } from './progress.js';

/** A period of a program: the same object each time, but for a session's. */
export interface Period {
  /** Orders and reads like a date: `week:2024-11-11`, `stage:warm-up`, `session:s1`, `window`. */
  key: string;
  /** The first instant behind it: milliseconds since the epoch, `Infinity` where it does not end. */
  endMs: number;
  /** Names its row of progress among those of a merchant. */
  rowKey: string;
}

/** More than the days from 2000 to 2100. */
const MAX_KEPT = 40_000;

/** The periods that a program counts over. None ends after its window, since nothing counts there. */
export class Periods {
  readonly calendar: Calendar;
  readonly #ofDay = {
    day: new Map<number, Period>(),
    week: new Map<number, Period>(),
    month: new Map<number, Period>(),
  };
  readonly #window: Period;
  readonly #lifetime: Period;
  readonly #stages: readonly { stage: Stage; period: Period }[];
  readonly #lastMs: number;
  /** Goals over a session ask for the same one after the other. */
  #session: { sessionId: string; period: Period } | null = null;

  /** @param lineage see `HeldProgram` */
  constructor(
    { timeZone, window, stages }: Program,
    private readonly lineage: string,
  ) {
    this.calendar = calendar(timeZone);
    this.#lastMs = window?.untilMs ?? Infinity;
    this.#window = this.#period('window', this.#lastMs);
    this.#lifetime = this.#period('lifetime', this.#lastMs);
    this.#stages = stages.map((stage) => ({
      stage,
      period: this.#period(`stage:${stage.stage}`, stage.untilMs),
    }));
  }

  /** The period that an instant falls into; null where it falls into none. @param atMs milliseconds since the epoch */
  at(kind: PeriodKind, atMs: number, sessionId: string | null): Period | null {
    switch (kind) {
      case 'session':
        return sessionId === null ? null : this.#ofSession(sessionId);
      case 'stage':
        return (
          this.#stages.find(({ stage }) => isIn(stage, atMs))?.period ?? null
        );
      case 'window':
        return this.#window;
      case 'lifetime':
        return this.#lifetime;
      default:
        return this.#inCalendar(kind, this.calendar.localDay(atMs));
    }
  }

  #inCalendar(kind: CalendarPeriod, localDay: number): Period {
    const known = this.#ofDay[kind];
    let period = known.get(localDay);
    if (!period) {
      if (known.size >= MAX_KEPT) known.clear();
      const { key, endMs } = this.calendar.periodOf(kind, localDay);
      period = this.#period(key, endMs);
      known.set(localDay, period);
    }
    return period;
  }

  #ofSession(sessionId: string): Period {
    if (this.#session?.sessionId !== sessionId) {
      const period = this.#period(`session:${sessionId}`, this.#lastMs);
      this.#session = { sessionId, period };
    }
    return this.#session.period;
  }

  #period(key: string, endMs: number): Period {
    return {
      key,
      endMs: Math.min(endMs, this.#lastMs),
      rowKey: rowKey({ program: this.lineage, period: key }),
    };
  }
}

export function isIn({ fromMs, untilMs }: Span, atMs: number): boolean {
  return fromMs <= atMs && atMs < untilMs;
}

import { calendar, type Calendar, type CalendarPeriod } from './calendar.js';
import { Kept } from '../kept.js';
import type { PeriodKind, Program, Span, Stage } from '../program.js';
import { rowKey } from '../progress.js';

/** A period of a program. For what happens on one local day it is nearly always the same object. */
export interface Period {
  /** Orders and reads like a date: `week:2024-11-11`, `stage:warm-up`, `session:s1`, `window`. */
  key: string;
  /** The first instant behind it: milliseconds since the epoch, `Infinity` where it does not end. */
  endMs: number;
  /** Names its row of progress among those of a merchant. */
  rowKey: string;
}

/** When something happened, and in which stream. */
export interface Occurrence {
  /** Milliseconds since the epoch. */
  atMs: number;
  sessionId: string | null;
}

/** The periods that a program counts over. None ends after its window, since nothing counts there. */
export class Periods {
  readonly calendar: Calendar;
  /** By local day. */
  readonly #days = this.#ofCalendar('day');
  readonly #weeks = this.#ofCalendar('week');
  readonly #months = this.#ofCalendar('month');
  readonly #sessions = new Kept((sessionId: string) =>
    this.#period(`session:${sessionId}`, this.#lastMs),
  );
  readonly #window: Period;
  readonly #lifetime: Period;
  readonly #stages: readonly { stage: Stage; period: Period }[];
  readonly #lastMs: number;

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

  /** The period that something falls into; null where it falls into none. */
  at(kind: PeriodKind, occurrence: Occurrence): Period | null {
    switch (kind) {
      case 'session': {
        const { sessionId } = occurrence;
        return sessionId === null ? null : this.#sessions.of(sessionId);
      }
      case 'stage':
        return (
          this.#stages.find(({ stage }) => isIn(stage, occurrence.atMs))
            ?.period ?? null
        );
      case 'window':
        return this.#window;
      case 'lifetime':
        return this.#lifetime;
      case 'day':
        return this.#days.of(this.calendar.localDay(occurrence.atMs));
      case 'week':
        return this.#weeks.of(this.calendar.localDay(occurrence.atMs));
      case 'month':
        return this.#months.of(this.calendar.localDay(occurrence.atMs));
    }
  }

  #ofCalendar(kind: CalendarPeriod): Kept<number, Period> {
    return new Kept((localDay) => {
      const { key, endMs } = this.calendar.periodOf(kind, localDay);
      return this.#period(key, endMs);
    });
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

import type { Goal, Program } from '../../src/program.js';
import type { Contribution } from './contributions.js';
import { localDate, mondayOf, QUARTER_MS } from './local-dates.js';

/** The period of a goal that a contribution belongs to, e.g. `week:2024-11-11`; null where there is none. */
export function periodOf(
  { timeZone, stages }: Program,
  { period }: Goal,
  { atMs, sessionId }: Pick<Contribution, 'atMs' | 'sessionId'>,
): string | null {
  switch (period) {
    case 'session':
      return sessionId === null ? null : `session:${sessionId}`;
    case 'stage': {
      const stage = stages.find(
        ({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs,
      );
      return stage ? `stage:${stage.stage}` : null;
    }
    case 'day':
      return `day:${localDate(timeZone, atMs)}`;
    case 'week':
      return `week:${mondayOf(localDate(timeZone, atMs))}`;
    case 'month':
      return `month:${localDate(timeZone, atMs).slice(0, 'yyyy-mm'.length)}`;
    case 'window':
    case 'lifetime':
      return period;
  }
}

/** The first moment after a period that has the moment `inItMs`; null where it does not end. */
export function periodEndMs(
  program: Program,
  goal: Goal,
  inItMs: number,
): number | null {
  switch (goal.period) {
    case 'session':
    case 'window':
      return program.window?.untilMs ?? null;
    case 'stage':
      return (
        program.stages.find(
          ({ fromMs, untilMs }) => inItMs >= fromMs && inItMs < untilMs,
        )?.untilMs ?? null
      );
    case 'lifetime':
      return null;
    case 'day':
    case 'week':
    case 'month':
      // Nothing counts after the window, so no period lasts longer.
      return Math.min(
        calendarEndMs(program, goal, inItMs),
        program.window?.untilMs ?? Infinity,
      );
  }
}

const ends = new Map<string, number>();

/** Looks at one quarter of an hour after the other until the calendar has another name for it. */
function calendarEndMs(program: Program, goal: Goal, inItMs: number): number {
  const nameAt = (atMs: number) =>
    periodOf(program, goal, { atMs, sessionId: null });
  const name = nameAt(inItMs);
  const key = `${program.timeZone} ${name}`;
  let endMs = ends.get(key);
  if (endMs === undefined) {
    endMs = Math.floor(inItMs / QUARTER_MS) * QUARTER_MS;
    while (nameAt(endMs) === name) endMs += QUARTER_MS;
    ends.set(key, endMs);
  }
  return endMs;
}

import type { Span } from '../program.js';
import type { PeriodProgress } from '../progress.js';
import type { HeldGoal } from '../published/program-set.js';
import type { Occurrence, Period } from '../time/period.js';
import type { KnownSessions } from './known-merchant.js';
import { recordFor, type Subject } from './late-subject.js';
import { durationMsOf, type SessionRecord } from './subject.js';

const ALWAYS: Span = Object.freeze({ fromMs: -Infinity, untilMs: Infinity });

/** While a stream runs, as far as a goal knows: what names it counts then. */
export function airtimeOf(
  session: Subject | undefined,
  { id }: Pick<HeldGoal, 'id'>,
): Span {
  const record = recordFor(session, id) as SessionRecord | undefined;
  return record
    ? { fromMs: beginsMs(record), untilMs: endsMs(record) }
    : ALWAYS;
}

function beginsMs({ startedAtMs }: SessionRecord): number {
  return startedAtMs ?? -Infinity;
}

function endsMs(record: SessionRecord): number {
  const { endedAtMs } = record;
  if (endedAtMs === null) return Infinity;
  return Math.max(endedAtMs, beginsMs(record) + durationMsOf(record));
}

/** Whether what names a stream falls into the time in which that runs. */
export function isOnAir(
  goal: HeldGoal,
  sessions: KnownSessions,
  { atMs, sessionId }: Occurrence,
): boolean {
  if (sessionId === null) return false;
  const session = sessions.session(sessionId);
  const record = recordFor(session, goal.id) as SessionRecord | undefined;
  return !record || (beginsMs(record) <= atMs && atMs < endsMs(record));
}

/** A stream's start or end came, after which a goal counts over another time what names the stream. */
export interface AirtimeChange {
  /** In the version that holds at the event's time, or else in the next to hold, or the last. */
  goal: HeldGoal;
  period: Period;
  before: Span;
  after: Span;
}

/**
 * Whether the goal may have counted what it counts no longer, or left out what counts now: then it is counted anew. Where
 * events come by their time it never has.
 *
 * @param row of progress over the stream, where there is one
 */
export function mayCountOtherwise(
  { goal, before, after }: AirtimeChange,
  row: Pick<PeriodProgress, 'goals' | 'lastMs'> | null,
): boolean {
  if (after.fromMs < before.fromMs || after.untilMs > before.untilMs)
    return true;
  if (!row?.goals.some((one) => one.goal === goal.goal.goal)) return false;
  return (
    after.fromMs > before.fromMs || (row.lastMs ?? Infinity) >= after.untilMs
  );
}

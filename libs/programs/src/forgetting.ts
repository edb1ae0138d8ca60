import { LONGEST_STREAM_MS } from './count/subject.js';
import { isIn } from './time/period.js';
import { ONCE_METRICS } from './program.js';
import {
  closesAtMs,
  endsAtMs,
  periodAt,
  settlesAtMs,
  type HeldGoal,
  type ProgramSet,
} from './published/program-set.js';

/** Of a goal, the last period that began before an instant. */
export interface PastPeriod {
  program: string;
  goal: string;
  /** See `HeldProgram`. */
  lineage: string;
  /** The kind of the goal's periods, with which their keys begin. */
  kind: string;
  /** The first instant behind it: milliseconds since the epoch, `Infinity` where it does not end. */
  endMs: number;
  /**
   * From when on nothing more counts in it that would raise it, once what happened in it is forgotten, and it has settled:
   * milliseconds since the epoch, `Infinity` for never.
   */
  closesAtMs: number;
  /** Whether it counts what happens once to a merchant: that is never forgotten. */
  isOnce: boolean;
  /** Whether goals that are never forgotten stand in the same rows. */
  isBesideFirsts: boolean;
}

/**
 * Of each goal that counts anything before an instant, the last period that it counted in: activity from then may be
 * forgotten once all of these are closed, but for what happens once. First streams and sales over `lifetime` are not
 * among them.
 *
 * @param beforeMs milliseconds since the epoch
 */
export function pastPeriods(set: ProgramSet, beforeMs: number): PastPeriod[] {
  const goals = set.held.flatMap((held) => held.goals);
  const ofFirsts = new Set(
    goals.filter(isNeverForgotten).map(({ held }) => held.lineage),
  );
  return goals.flatMap((goal) => {
    const endMs = lastEndMs(set, goal, beforeMs);
    if (endMs === null) return [];
    const { lineage, program } = goal.held;
    const { period: kind, metric } = goal.goal;
    return {
      program: program.program,
      goal: goal.goal.goal,
      lineage,
      kind,
      endMs,
      // Without a grace it is closed by what is forgotten, and until then as long as it goes on.
      closesAtMs: isOpenUntilForgotten(goal)
        ? endMs
        : (settlesAtMs(goal, endMs) ?? closesAtMs(goal, endMs)),
      isOnce: ONCE_METRICS.includes(metric),
      isBesideFirsts: kind === 'lifetime' && ofFirsts.has(lineage),
    };
  });
}

/** Whether nothing closes a goal's periods but that what happened in them is forgotten. */
export function isOpenUntilForgotten({ closesAfterMs }: HeldGoal): boolean {
  return closesAfterMs === Infinity;
}

/**
 * Up to where a goal's periods are forgotten: those that end by then (see `endsAtMs`) began before an instant, so that
 * their progress goes with what happened in them.
 *
 * @param keptFromMs milliseconds since the epoch, `-Infinity` where nothing is forgotten
 * @returns milliseconds since the epoch, `-Infinity` for none
 */
export function forgottenUntilMs(
  set: ProgramSet,
  goal: HeldGoal,
  keptFromMs: number,
): number {
  const known = forgotten.get(goal);
  if (known?.keptFromMs === keptFromMs) return known.untilMs;
  const untilMs = lastEndMs(set, goal, keptFromMs) ?? -Infinity;
  forgotten.set(goal, { keptFromMs, untilMs });
  return untilMs;
}

/** It is asked for with every event, and changes once a quarter. */
const forgotten = new WeakMap<
  HeldGoal,
  { keptFromMs: number; untilMs: number }
>();

/** What is known of merchants stays, and with it what it has led to. */
function isNeverForgotten({ goal }: HeldGoal): boolean {
  return goal.period === 'lifetime' && ONCE_METRICS.includes(goal.metric);
}

/**
 * In all versions that go on with each other's progress, since they share its rows. Null where none counts anything
 * before, or where it is never forgotten.
 */
function lastEndMs(
  set: ProgramSet,
  goal: HeldGoal,
  beforeMs: number,
): number | null {
  if (isNeverForgotten(goal)) return null;
  const versions = set.goalInAllVersions(goal);
  const ends = versions.flatMap((one) => endOfLastMs(one, beforeMs) ?? []);
  if (ends.length === 0) return null;
  // One period is that of all versions, also of those that begin later.
  if (goal.goal.period === 'window' || goal.goal.period === 'lifetime')
    for (const { held } of versions)
      ends.push(held.program.window?.untilMs ?? Infinity);
  return Math.max(...ends);
}

/** Null where the version counts nothing before. */
function endOfLastMs(goal: HeldGoal, beforeMs: number): number | null {
  const lastMs = Math.min(beforeMs, goal.counts.untilMs) - 1;
  if (!isIn(goal.counts, lastMs)) return null;
  if (goal.goal.period === 'stage') {
    const { stages } = goal.held.program;
    return stages.findLast(({ fromMs }) => fromMs <= lastMs)?.untilMs ?? null;
  }
  const period = periodAt(goal, { atMs: lastMs, sessionId: ANY_SESSION })!;
  // A stream that began by then goes on for as long as one does: to what happens at its end belongs the same period.
  return endsAtMs(goal, period, lastMs + LONGEST_STREAM_MS);
}

/** All sessions' periods end alike. */
const ANY_SESSION = '';

import { isIn } from './time/period.js';
import {
  closesAtMs,
  periodAt,
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
  /** From when on nothing more is counted in it that would raise it: milliseconds since the epoch, `Infinity` for never. */
  closesAtMs: number;
}

/**
 * Of each goal that counts anything before an instant, the last period that it counted in: activity from then may be
 * forgotten once all of these are closed.
 *
 * @param beforeMs milliseconds since the epoch
 */
export function pastPeriods(set: ProgramSet, beforeMs: number): PastPeriod[] {
  return set.held.flatMap(({ goals }) =>
    goals.flatMap((goal) => {
      const endMs = lastEndMs(goal, beforeMs);
      if (endMs === null) return [];
      const { held } = goal;
      return {
        program: held.program.program,
        goal: goal.goal.goal,
        lineage: held.lineage,
        kind: goal.goal.period,
        endMs,
        closesAtMs: closesAtMs(goal, endMs),
      };
    }),
  );
}

/** Null where the goal counts nothing before. */
function lastEndMs(goal: HeldGoal, beforeMs: number): number | null {
  const lastMs = Math.min(beforeMs, goal.counts.untilMs) - 1;
  if (!isIn(goal.counts, lastMs)) return null;
  if (goal.goal.period !== 'stage')
    return periodAt(goal, lastMs, ANY_SESSION)!.endMs;
  const stage = goal.held.program.stages.findLast(
    ({ fromMs }) => fromMs <= lastMs,
  );
  return stage?.untilMs ?? null;
}

/** The periods of all sessions end with the window. */
const ANY_SESSION = '';

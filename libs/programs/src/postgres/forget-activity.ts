import {
  forgetQuarter,
  LEAST_DAYS_KEPT,
  readQuartersBefore,
  readShardCount,
  type Pool,
  type StoredQuarter,
} from '@app/ledger/postgres';
import { pastPeriods, type PastPeriod } from '../forgetting.js';
import type { ProgramSet } from '../published/program-set.js';
import { DAY_MS } from '../time/time-zone.js';

/** What there is to forget before an instant. */
export interface ForgetPlan {
  /** Whole ones, of activity and of what the promoter has taken, the oldest first. */
  quarters: StoredQuarter[];
  /** From when on all is kept: milliseconds since the epoch. */
  keptFromMs: number;
  /** Goals that may still count what happened before then: where there are any, nothing is forgotten. */
  stillCounting: PastPeriod[];
  periods: PastPeriod[];
}

/** From this instant on activity is kept in any case. @param nowMs milliseconds since the epoch */
export function leastKeptFromMs(nowMs: number): number {
  return nowMs - LEAST_DAYS_KEPT * DAY_MS;
}

/**
 * Looks for what can be forgotten before an instant.
 *
 * @param set the programs that the granter follows
 * @param beforeMs milliseconds since the epoch, not after {@link leastKeptFromMs}
 * @throws RangeError where it is later than that
 */
export async function planForgetting(
  pool: Pool,
  set: ProgramSet,
  beforeMs: number,
  nowMs: number,
): Promise<ForgetPlan> {
  if (!(beforeMs <= leastKeptFromMs(nowMs)))
    throw new RangeError(
      `activity of the last ${LEAST_DAYS_KEPT} days is not forgotten`,
    );
  const quarters = await readQuartersBefore(pool, beforeMs);
  const keptFromMs = Math.max(
    -Infinity,
    ...quarters.map(({ untilMs }) => untilMs),
  );
  const periods = quarters.length === 0 ? [] : pastPeriods(set, keptFromMs);
  return {
    quarters,
    keptFromMs,
    stillCounting: periods.filter(({ closesAtMs }) => closesAtMs > nowMs),
    periods,
  };
}

/**
 * Forgets what was planned: the quarters, and ahead of them the progress of periods that began in them, so that a later
 * flag does not count them anew out of nothing and take back what they have earned.
 *
 * @param pool acts as the granter's role, or the owner
 * @throws Error where something still counts
 */
export async function forgetActivity(
  pool: Pool,
  { quarters, stillCounting, periods }: ForgetPlan,
): Promise<void> {
  if (stillCounting.length > 0)
    throw new Error('what still counts is not forgotten');
  const shardCount = await readShardCount(pool);
  for (const { lineage, kind, endMs } of periods)
    for (let shard = 0; shard < shardCount; shard++)
      await pool.query({
        name: 'forget-progress',
        text: `
          DELETE FROM progress WHERE shard = $1 AND program = $2 AND split_part(period, ':', 1) = $3
            AND (progress ->> 'end')::numeric <= $4`,
        values: [shard, lineage, kind, endMs],
      });
  for (const quarter of quarters) await forgetQuarter(pool, quarter);
}

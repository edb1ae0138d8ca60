import {
  commitToJournal,
  forgetQuarter,
  keepActivityFrom,
  LEAST_DAYS_KEPT,
  readActivityKeptFromMs,
  readJournalHead,
  readQuartersBefore,
  readShardCount,
  type Pool,
  type Statement,
  type StoredQuarter,
} from '@app/ledger/postgres';
import { pastPeriods, type PastPeriod } from '../forgetting.js';
import { LONGEST_STREAM_MS } from '../count/subject.js';
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
  /** Those that are closed: their progress is forgotten, and that of all ahead of them. */
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
    // What came late of a quarter that was forgotten is no reason to keep more.
    await readActivityKeptFromMs(pool),
    ...quarters.map(({ untilMs }) => untilMs),
  );
  const periods = quarters.length === 0 ? [] : pastPeriods(set, keptFromMs);
  const open = periods.filter(({ closesAtMs }) => closesAtMs > nowMs);
  const closed = periods.filter(({ closesAtMs }) => closesAtMs <= nowMs);
  return {
    quarters,
    keptFromMs,
    // What happens once keeps nothing back, unless its progress would go with that of others.
    stillCounting: open.filter(
      (one) => !one.isOnce || closed.some((other) => shareRows(one, other)),
    ),
    periods: closed,
  };
}

function shareRows(one: PastPeriod, other: PastPeriod): boolean {
  return one.lineage === other.lineage && one.kind === other.kind;
}

/**
 * Forgets what was planned. Goals without a grace are closed to it first: what came late would count from nothing. Then
 * goes the progress of periods that began in it, and the quarters last, so that no flag counts these periods anew out of
 * nothing and takes back what they have earned. Where it ends in between, it is planned and done again.
 *
 * @param pool acts as the granter's role, or the owner
 * @throws Error where something still counts
 */
export async function forgetActivity(
  pool: Pool,
  { quarters, keptFromMs, stillCounting, periods }: ForgetPlan,
): Promise<void> {
  if (stillCounting.length > 0)
    throw new Error('what still counts is not forgotten');
  if (quarters.length === 0) return;
  await keepActivityFrom(pool, keptFromMs);
  const shardCount = await readShardCount(pool);
  for (let shard = 0; shard < shardCount; shard++)
    await forgetProgress(pool, shard, periods);
  for (const quarter of quarters) await forgetQuarter(pool, quarter);
}

/**
 * As a commit without an entry: it moves the head, so that whatever a granter has loaded ahead of it (the rows, and from
 * when on activity was kept) is not written any more, but loaded and decided anew.
 */
async function forgetProgress(
  pool: Pool,
  shard: number,
  periods: readonly PastPeriod[],
): Promise<void> {
  const statements = progressForgotten(shard, periods);
  // Most of it ahead, so that the shard stands still for no longer than it takes to look for the rest.
  for (const statement of statements) await pool.query(statement);
  for (let isCommitted = false; !isCommitted;) {
    const head = await readJournalHead(pool, 'grants', shard);
    // A shard that has not begun has nothing to forget.
    if (head.revision === 0n) return;
    const committed = await commitToJournal(pool, {
      journal: 'grants',
      shard,
      head,
      consumed: head.consumed,
      drafts: [],
      nowMs: head.tip.recordedAtMs,
      alongside: () => statements,
    });
    isCommitted = committed !== null;
  }
}

function progressForgotten(
  shard: number,
  periods: readonly PastPeriod[],
): Statement[] {
  const whole = periods.filter(({ isBesideFirsts }) => !isBesideFirsts);
  const beside = periods.filter(({ isBesideFirsts }) => isBesideFirsts);
  return [
    {
      name: 'forget-progress',
      text: `
        DELETE FROM progress AS row
        USING unnest($2::text[], $3::text[], $4::numeric[]) AS past (program, kind, until_ms)
        WHERE row.shard = $1 AND row.program = past.program AND split_part(row.period, ':', 1) = past.kind
          AND ${endOfRow(5)} <= past.until_ms`,
      values: [
        shard,
        whole.map(({ lineage }) => lineage),
        whole.map(({ kind }) => kind),
        whole.map(({ endMs }) => endMs),
        LONGEST_STREAM_MS,
      ],
    },
    ...beside.map(({ lineage, kind, goal, endMs }) => ({
      name: 'forget-progress-of-goal',
      text: `
        UPDATE progress AS row SET progress = (row.progress::jsonb #- ARRAY ['goals', $4])::json
        WHERE row.shard = $1 AND row.program = $2 AND row.period = $3 AND row.progress -> 'goals' -> $4 IS NOT NULL
          AND ${endOfRow(6)} <= $5`,
      values: [shard, lineage, kind, goal, endMs, LONGEST_STREAM_MS],
    })),
  ];
}

/**
 * That of the period, or where it has none, of a session at the latest by what last counted in it; null where it is not
 * known. @param longestStream the place of that among the values
 */
function endOfRow(longestStream: number): string {
  return `
    coalesce((row.progress ->> 'end')::numeric, (row.progress ->> 'last')::numeric + $${longestStream})`;
}

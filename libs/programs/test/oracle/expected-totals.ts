import type { ActivityEvent, Unit } from '@app/contracts';
import type { Goal, Program } from '../../src/program.js';
import {
  contributionsOf,
  isFlagged,
  type Contribution,
} from './contributions.js';
import { covers, type OracleOptions } from './covers.js';
import { deserved } from './deserved.js';
import { recordsOf, type MerchantRecord } from './merchant-record.js';
import { periodEndMs, periodOf } from './periods.js';
import { valueOf } from './value.js';
import {
  lineageName,
  lineagesOf,
  versionAt,
  versionsByProgram,
  type Lineage,
} from './versions.js';

/** What a total is of. */
export interface TotalOf {
  merchantId: string;
  /** As {@link lineageName} has it: `small@1`. */
  lineage: string;
  goal: string;
  /** E.g. `week:2024-11-11`. */
  period: string;
  unit: Unit;
}

export function totalKey(of: TotalOf): string {
  const { merchantId, lineage, goal, period, unit } = of;
  return [merchantId, lineage, goal, period, unit].join(' ');
}

/**
 * What is granted less what is taken back, by {@link totalKey}, once all events are in and the clock stands at `endMs`;
 * of the goals that the oracle {@link covers}, and without those of nothing.
 *
 * Worked out from docs/how-programs-count.md a second time, with all events at hand: it imports types alone of what
 * it checks.
 */
export function expectedTotals(
  programs: readonly Program[],
  events: readonly ActivityEvent[],
  { endMs, ...options }: { endMs: number } & OracleOptions,
): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  const records = recordsOf(events);
  for (const versions of versionsByProgram(programs))
    for (const lineage of lineagesOf(versions)) {
      const program = lineage[0]!;
      for (const goal of program.goals) {
        if (!covers(programs, program, goal, options)) continue;
        for (const [merchantId, record] of records) {
          const counted = countedByPeriod(record, versions, lineage, goal);
          for (const [period, contributions] of counted) {
            if (!isPaid(record, program, goal, contributions, endMs)) continue;
            const value = valueOf(program, goal, contributions);
            const occasion = { program, goal, merchantId, period };
            for (const [unit, amount] of deserved(occasion, value)) {
              const of = { merchantId, lineage: lineageName(lineage), unit };
              const key = totalKey({ ...of, goal: goal.goal, period });
              if (amount > 0n) totals.set(key, amount);
            }
          }
        }
      }
    }
  return totals;
}

/** What a merchant contributes to a goal, by the period in which it counts. */
export function countedByPeriod(
  record: MerchantRecord,
  versions: readonly Program[],
  lineage: Lineage,
  goal: Goal,
): Map<string, Contribution[]> {
  const byPeriod = new Map<string, Contribution[]>();
  for (const contribution of contributionsOf(record, versions, goal)) {
    const version = versionAt(versions, contribution.atMs);
    if (!version || !lineage.includes(version)) continue;
    if (!isInWindow(version, goal, contribution.atMs)) continue;
    if (isFlagged(record, version, contribution)) continue;
    const period = periodOf(version, goal, contribution);
    if (period === null) continue;
    byPeriod.set(period, [...(byPeriod.get(period) ?? []), contribution]);
  }
  return byPeriod;
}

function isInWindow(
  { window }: Program,
  { period }: Goal,
  atMs: number,
): boolean {
  if (window === null) return true;
  if (atMs >= window.untilMs) return false;
  return atMs >= window.fromMs || period === 'lifetime';
}

/** Whether the merchant is paid what the period's value deserves. */
function isPaid(
  { facts }: MerchantRecord,
  program: Program,
  goal: Goal,
  contributions: readonly Contribution[],
  endMs: number,
): boolean {
  const { window, eligible, takeBack } = program;
  if (takeBack.flags === 'all' && facts.flaggedAtMs !== null) return false;
  if (goal.settlesAfterMs !== null) {
    const inItMs = contributions[0]!.atMs;
    const settlesAtMs =
      periodEndMs(program, goal, inItMs)! + goal.settlesAfterMs;
    if (settlesAtMs > endMs) return false;
    return !eligible || eligible.holds(facts, settlesAtMs);
  }
  const paysAt = ({ atMs, amount }: Contribution) =>
    amount > 0n && (!window || atMs >= window.fromMs);
  if (!contributions.some(paysAt)) return false;
  return !eligible || eligible.holds(facts, endMs);
}

import { isDeepStrictEqual } from 'node:util';
import type { Unit } from '@app/contracts';
import type { Eligibility } from '../../src/eligibility.js';
import type { Goal, Program, Reward } from '../../src/program.js';
import { isOfItsTime, isTimeOnAir } from './contributions.js';
import { poolShare } from './deserved.js';
import { lineagesOf, versionsByProgram } from './versions.js';

export interface OracleOptions {
  /**
   * The events come by their time, and none is a refund or a flag. Then it makes no difference what is taken back.
   */
  onlyRises?: boolean;
}

/**
 * Whether a goal's totals are the same in whatever order events come. Then the oracle knows them, as long as
 *
 * - pools last, and no event is late;
 * - all events are in before the first period settles. (Refunds and flags may also come later where both are taken
 *   back by `difference`.)
 *
 * Not covered are: goals under caps; goals that pay at once and keep what they paid, or close; eligibility that comes
 * and goes while a goal pays at once; versions that carry over what another version counted in another way; and goals
 * over `lifetime` in a window that pay at once, since what was before the window is paid with what is in it.
 */
export function covers(
  programs: readonly Program[],
  program: Program,
  goal: Goal,
  { onlyRises = false }: OracleOptions = {},
): boolean {
  if (program.caps.length > 0 || !isAlikeInItsLineage(programs, program, goal))
    return false;
  if (goal.settlesAfterMs !== null)
    return (
      goal.period !== 'lifetime' &&
      (goal.period !== 'session' || program.window !== null)
    );
  const { refunds, flags } = program.takeBack;
  if (!onlyRises && (refunds !== 'difference' || flags !== 'difference'))
    return false;
  if (!neverPaysLessForMore(program, goal)) return false;
  // The start that comes after an order, or an end at its very moment, takes it out again.
  if (goal.period === 'session' && isOfItsTime(goal.metric))
    if (refunds !== 'difference') return false;
  if (goal.period === 'lifetime' && program.window !== null)
    // The end of a stream is heard of after what it contributes.
    return onlyRises && !program.eligible && !isTimeOnAir(goal.metric);
  return isSteady(program.eligible);
}

/** Whether all versions that share the goal's progress count and pay it alike. */
function isAlikeInItsLineage(
  programs: readonly Program[],
  program: Program,
  goal: Goal,
): boolean {
  const lineage = versionsByProgram(programs)
    .flatMap(lineagesOf)
    .find((versions) => versions.includes(program))!;
  const first = whatDecides(lineage[0]!, goal.goal);
  return lineage.every((version) =>
    isDeepStrictEqual(whatDecides(version, goal.goal), first),
  );
}

function whatDecides(version: Program, goalName: string) {
  const { timeZone, window, stages, takeBack, pools, caps } = version;
  return {
    timeZone,
    window,
    stages,
    takeBack,
    pools,
    caps,
    eligible: version.eligible?.expression,
    goal: version.goals.find(({ goal }) => goal === goalName),
  };
}

/** Whether a registration, a first stream or a first sale alone can make a merchant eligible, and nothing ends it. */
function isSteady(eligible: Eligibility | null): boolean {
  if (eligible === null) return true;
  const { expression } = eligible;
  return (
    !/followers|days|At\b|flagged|now/i.test(expression) &&
    !eligible.holds(
      {
        registeredAtMs: null,
        category: null,
        followers: 0n,
        firstStream: null,
        firstSale: null,
        flaggedAtMs: null,
      },
      0,
    )
  );
}

/** A lower tier that pays more of a unit pays it only where the merchant was seen at that tier. */
function neverPaysLessForMore(program: Program, { payout }: Goal): boolean {
  if (payout.kind !== 'highest_tier') return true;
  return payout.tiers.slice(1).every(({ rewards }, i) => {
    const lower = payout.tiers[i]!.rewards;
    return lower.every(
      ({ unit }) =>
        bound(program, lower, unit, 'to') <=
        bound(program, rewards, unit, 'from'),
    );
  });
}

/** The most (`to`) or the least (`from`) that rewards can be of a unit. */
function bound(
  program: Program,
  rewards: readonly Reward[],
  unit: Unit,
  side: 'from' | 'to',
): bigint {
  return rewards
    .filter((reward) => reward.unit === unit)
    .map(({ amount }) => {
      if (amount.kind === 'fixed') return amount.amount;
      if (amount.kind === 'draw') return amount[side];
      return poolShare(program, unit, amount.partsPerMillion);
    })
    .reduce((sum, amount) => sum + amount, 0n);
}

import type { Unit } from '@app/contracts';
import { drawSeed, drawn } from './draw.js';
import type { Exact } from '../exact.js';
import type { Expiry, Goal, Program, Reward, Tier } from '../program.js';
import type { GoalStanding } from '../progress.js';
import { basisPointsOf } from './round.js';

/** What a value reaches at one place of a goal: a tier, the highest tier, its repeats, its rate. */
export interface Reached {
  /** By what the standing remembers what was paid: the tier's name, or how the goal pays. */
  readonly key: string;
  /** What a cause names: the tier, `every` or `rate`. */
  readonly tier: string;
  readonly threshold: bigint;
  /** What it deserves; drawn and reckoned only when asked for. */
  rewards(): DeservedReward[];
}

export interface DeservedReward {
  unit: Unit;
  amount: bigint;
  expiry: Expiry | null;
  draw?: { from: bigint; to: bigint; seed: string };
  partsPerMillion?: bigint;
  /** What made it less: the most that a rate pays. */
  atMost?: bigint;
}

/** The value of a goal's metric, as far as it has come. */
export function metricValue(
  { metric, secondsADay }: Goal,
  { value, days }: Pick<GoalStanding, 'value' | 'days'>,
): Exact {
  if (secondsADay === null) return value;
  const long = liveDays(days, secondsADay);
  return metric === 'liveDayStreak'
    ? longestRun(long.sort((a, b) => a - b))
    : long.length;
}

function liveDays(days: GoalStanding['days'], secondsADay: bigint): number[] {
  const long: number[] = [];
  for (const [day, seconds] of days ?? [])
    if (seconds >= secondsADay) long.push(day);
  return long;
}

function longestRun(days: readonly number[]): number {
  let longest = 0;
  let run = 0;
  days.forEach((day, i) => {
    run = day - 1 === days[i - 1] ? run + 1 : 1;
    if (run > longest) longest = run;
  });
  return longest;
}

/** Where a goal is decided: what its drawn amounts depend on. */
export interface DecidedPlace {
  program: Program;
  goal: Goal;
  merchantId: string;
  period: string;
}

/** What a value reaches, ascending. Pure, and the same whatever was paid before. */
export function reachedBy(place: DecidedPlace, value: bigint): Reached[] {
  const { payout } = place.goal;
  const reached: Reached[] = [];
  switch (payout.kind) {
    case 'tiers':
      for (const tier of payout.tiers) {
        if (value < tier.at) break;
        reached.push(new ReachedTier(place, tier, tier.tier));
      }
      break;
    case 'highest_tier': {
      const highest = payout.tiers.findLast(({ at }) => value >= at);
      if (highest) reached.push(new ReachedTier(place, highest, payout.kind));
      break;
    }
    case 'every': {
      const times = atMost(value / payout.every, payout.times);
      if (times > 0n) reached.push(new ReachedRepeats(place, payout, times));
      break;
    }
    case 'rate': {
      if (value <= 0n) break;
      const amount = basisPointsOf(value, payout.basisPoints);
      if (amount > 0n) reached.push(new ReachedRate(payout, amount));
      break;
    }
  }
  return reached;
}

function atMost(amount: bigint, limit: bigint | null): bigint {
  return limit !== null && amount > limit ? limit : amount;
}

class ReachedTier implements Reached {
  readonly tier: string;
  readonly threshold: bigint;

  constructor(
    private readonly place: DecidedPlace,
    private readonly reached: Tier,
    readonly key: string,
  ) {
    this.tier = reached.tier;
    this.threshold = reached.at;
  }

  rewards(): DeservedReward[] {
    return this.reached.rewards.map((reward, i) =>
      amountOf(this.place, reward, this.tier, i),
    );
  }
}

class ReachedRepeats implements Reached {
  readonly key = 'every';
  readonly tier = 'every';
  readonly threshold: bigint;

  constructor(
    private readonly place: DecidedPlace,
    private readonly payout: Extract<Goal['payout'], { kind: 'every' }>,
    private readonly times: bigint,
  ) {
    this.threshold = payout.every * times;
  }

  rewards(): DeservedReward[] {
    return this.payout.rewards.map((reward, i) => {
      const one = amountOf(this.place, reward, this.tier, i);
      return { ...one, amount: one.amount * this.times };
    });
  }
}

class ReachedRate implements Reached {
  readonly key = 'rate';
  readonly tier = 'rate';
  readonly threshold: bigint;

  constructor(
    private readonly payout: Extract<Goal['payout'], { kind: 'rate' }>,
    /** What the rate comes to without its limit. */
    private readonly amount: bigint,
  ) {
    this.threshold = payout.basisPoints;
  }

  rewards(): DeservedReward[] {
    const { unit, expiry, atMost: limit } = this.payout;
    return limit !== null && this.amount > limit
      ? [{ unit, amount: limit, expiry, atMost: limit }]
      : [{ unit, amount: this.amount, expiry }];
  }
}

const MILLION = 1_000_000n;

function amountOf(
  { program, goal, merchantId, period }: DecidedPlace,
  { unit, amount, expiry }: Reward,
  tier: string,
  reward: number,
): DeservedReward {
  switch (amount.kind) {
    case 'fixed':
      return { unit, amount: amount.amount, expiry };
    case 'draw': {
      const { from, to } = amount;
      const seed = drawSeed({
        program: program.program,
        period,
        merchantId,
        goal: goal.goal,
        tier,
        reward,
      });
      return {
        unit,
        amount: drawn(seed, from, to),
        expiry,
        draw: { from, to, seed },
      };
    }
    case 'pool_share': {
      const { partsPerMillion } = amount;
      const share = ((program.pools[unit] ?? 0n) * partsPerMillion) / MILLION;
      return {
        unit,
        amount: share > 0n ? share : 1n,
        expiry,
        partsPerMillion,
      };
    }
  }
}

/** Rewards of one unit as one, with the expiry of the first. */
export function byUnit(
  rewards: readonly DeservedReward[],
): readonly DeservedReward[] {
  if (rewards.length < 2) return rewards;
  const all = new Map<Unit, DeservedReward>();
  for (const reward of rewards) {
    const known = all.get(reward.unit);
    all.set(
      reward.unit,
      known ? { ...known, amount: known.amount + reward.amount } : reward,
    );
  }
  return [...all.values()];
}

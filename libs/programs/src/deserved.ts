import type { Unit } from '@app/contracts';
import { drawSeed, drawn } from './draw.js';
import type { Expiry, Goal, Program, Reward, Tier } from './program.js';
import type { GoalStanding } from './progress.js';
import { basisPointsOf } from './round.js';

/** What a value reaches at one place of a goal: a tier, the highest tier, its repeats, its rate. */
export interface Reached {
  /** By what the standing remembers what was paid: the tier's name, or how the goal pays. */
  key: string;
  /** What a cause names: the tier, `every` or `rate`. */
  tier: string;
  threshold: bigint;
  /** What it deserves; drawn and reckoned only when asked for. */
  rewards: () => DeservedReward[];
}

export interface DeservedReward {
  unit: Unit;
  amount: bigint;
  expiry: Expiry | null;
  draw?: { from: bigint; to: bigint; seed: string };
  partsPerMillion?: bigint;
}

/** The value of a goal's metric, as far as it has come. */
export function metricValue(
  { metric, secondsADay }: Goal,
  { value, days }: GoalStanding,
): bigint {
  switch (metric) {
    case 'liveDays':
      return BigInt(liveDays(days, secondsADay!).length);
    case 'liveDayStreak':
      return longestRun(liveDays(days, secondsADay!));
    default:
      return value;
  }
}

function liveDays(days: GoalStanding['days'], secondsADay: bigint): number[] {
  return Array.from(days ?? [])
    .filter(([, seconds]) => seconds >= secondsADay)
    .map(([day]) => day)
    .sort((a, b) => a - b);
}

function longestRun(days: readonly number[]): bigint {
  let longest = 0n;
  let run = 0n;
  days.forEach((day, i) => {
    run = day - 1 === days[i - 1] ? run + 1n : 1n;
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
  switch (payout.kind) {
    case 'tiers':
      return payout.tiers
        .filter(({ at }) => value >= at)
        .map((tier) => ofTier(place, tier, tier.tier));
    case 'highest_tier': {
      const highest = payout.tiers.findLast(({ at }) => value >= at);
      return highest ? [ofTier(place, highest, 'highest_tier')] : [];
    }
    case 'every': {
      const { every, rewards } = payout;
      const times = atMost(value / every, payout.times);
      if (times <= 0n) return [];
      return [
        {
          key: 'every',
          tier: 'every',
          threshold: every * times,
          rewards: () =>
            rewards.map((reward, i) => {
              const one = amountOf(place, reward, 'every', i);
              return { ...one, amount: one.amount * times };
            }),
        },
      ];
    }
    case 'rate': {
      const { basisPoints, unit, expiry } = payout;
      if (value <= 0n) return [];
      const amount = atMost(basisPointsOf(value, basisPoints), payout.atMost);
      if (amount === 0n) return [];
      return [
        {
          key: 'rate',
          tier: 'rate',
          threshold: basisPoints,
          rewards: () => [{ unit, amount, expiry }],
        },
      ];
    }
  }
}

function atMost(amount: bigint, limit: bigint | null): bigint {
  return limit !== null && amount > limit ? limit : amount;
}

function ofTier(
  place: DecidedPlace,
  { tier, at, rewards }: Tier,
  key: string,
): Reached {
  return {
    key,
    tier,
    threshold: at,
    rewards: () => rewards.map((reward, i) => amountOf(place, reward, tier, i)),
  };
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
export function byUnit(rewards: readonly DeservedReward[]): DeservedReward[] {
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

import type { Program } from '../src/program.js';
import { smallGoal } from './programs.js';

/** A reward of so much, as a file has it. */
export function reward(amount: number, unit = 'ANY_IMP') {
  return unit === 'CNY'
    ? { unit, amount }
    : { unit, amount, expiresAfterDays: 7 };
}

export const POOLS = {
  ANY_IMP: 1_000_000,
  LIVE_IMP: 1_000_000,
  CNY: 1_000_000,
};

/** 100 from the first order of a week on, and 1,000 more from the third on. */
export const TIERS = [
  { tier: 'first', at: 1, rewards: [reward(100)] },
  { tier: 'third', at: 3, rewards: [reward(1_000)] },
];

/** A program with {@link TIERS} a week. */
export function ladder(program: object = {}, goal: object = {}): Program {
  return smallGoal(
    { goal: 'sales', period: 'week', tiers: TIERS, ...goal },
    { pools: POOLS, ...program },
  );
}

/** 10 for each so many of a metric; by the week, if nothing else is said. */
export function every(
  count: number,
  program: object = {},
  goal: object = {},
): Program {
  return smallGoal(
    {
      goal: 'sales',
      period: 'week',
      tiers: undefined,
      every: { count, rewards: [reward(10)] },
      ...goal,
    },
    { pools: POOLS, ...program },
  );
}

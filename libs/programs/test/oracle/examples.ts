import type { ActivityData, ActivityEvent, Unit } from '@app/contracts';
import type {
  Goal,
  Payout,
  Program,
  Reward,
  RewardAmount,
} from '../../src/program.js';
import { happened, timeMs } from '../activity.js';
import { expectedTotals } from './expected-totals.js';

export { endedAfter, flagged, happened, started, stream } from '../activity.js';

export const HOUR_S = 3_600;
export const DAY_MS = 24 * HOUR_S * 1_000;

export function paid(
  orderId: string,
  time: string,
  amountMinor: number,
  origin: Partial<ActivityData<'order.paid'>> = {},
): ActivityEvent {
  const data = { orderId, amountMinor, channel: 'shelf' as const, ...origin };
  return happened('order.paid', time, data);
}

export function refunded(
  orderId: string,
  time: string,
  amountMinor: number,
): ActivityEvent {
  return happened('order.refunded', time, { orderId, amountMinor });
}

export function fixed(amount: bigint, unit: Unit = 'ANY_IMP'): Reward {
  return reward({ kind: 'fixed', amount }, unit);
}

export function reward(amount: RewardAmount, unit: Unit = 'ANY_IMP'): Reward {
  return { unit, amount, expiry: { kind: 'after', days: 7 } };
}

export function span(from: string, until: string) {
  return { fromMs: timeMs(from), untilMs: timeMs(until) };
}

/** Pays as much as the metric is. */
export const AS_MUCH: Payout = {
  kind: 'every',
  every: 1n,
  times: null,
  rewards: [fixed(1n)],
};

/** Two tiers: 100 from 1 on, 1,000 from 3 on. */
export const TWO_TIERS = [
  { tier: 'first', at: 1n, rewards: [fixed(100n)] },
  { tier: 'third', at: 3n, rewards: [fixed(1_000n)] },
];

export function example(
  goal: Partial<Goal> = {},
  changes: Partial<Program> = {},
): Program {
  return {
    program: 'example',
    version: 1,
    title: { zh: '例', en: 'Example' },
    timeZone: 'Asia/Shanghai',
    window: null,
    stages: [],
    startsAtMs: null,
    progress: 'carries_over',
    eligible: null,
    graceMs: null,
    takeBack: {
      refunds: 'difference',
      flags: 'difference',
      flaggedFrom: 'flag',
    },
    pools: { ANY_IMP: 1_000_000n, CNY: 1_000_000n },
    caps: [],
    goals: [
      {
        goal: 'goal',
        metric: 'orders',
        channels: ['live', 'short_video', 'shelf'],
        period: 'day',
        secondsADay: null,
        settlesAfterMs: null,
        payout: AS_MUCH,
        ...goal,
      },
    ],
    definition: null,
    ...changes,
  };
}

/** Total by what it is of, without what is the same everywhere: `day:2024-11-11`, or `example@2 day:2024-11-11`. */
export function totals(
  programs: Program | Program[],
  all: ActivityEvent[],
  { endTime = '2025-12-31T00:00:00' } = {},
): Record<string, number> {
  const found = expectedTotals([programs].flat(), all, {
    endMs: timeMs(endTime),
  });
  return Object.fromEntries(
    Array.from(found, ([key, amount]) => [
      key
        .replace('m1 ', '')
        .replace('example@1 ', '')
        .replace('goal ', '')
        .replace(' ANY_IMP', ''),
      Number(amount),
    ]),
  );
}

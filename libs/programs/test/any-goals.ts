import fc from 'fast-check';
import { CHANNELS } from '@app/contracts';
import {
  CHANNEL_METRICS,
  DAY_METRICS,
  METRICS,
  ONCE_METRICS,
  PERIOD_KINDS,
  SESSION_METRICS,
  type Goal,
  type Metric,
  type PeriodKind,
  type Program,
} from '../src/program.js';
import { anyPayout } from './any-payouts.js';

const HOUR_S = 3600;
const DAY_MS = 24 * HOUR_S * 1000;

/** About the highest value that a few weeks of any activity reach. */
const REACHED: Record<Metric, number> = {
  orders: 6,
  gmvMinor: 60_000,
  returns: 3,
  liveSeconds: 40 * HOUR_S,
  liveDays: 4,
  liveDayStreak: 3,
  followers: 80,
  shoppableVideos: 2,
  clips: 2,
  productsListed: 4,
  adsSpentMinor: 60_000,
  firstStream: 1,
  firstSale: 1,
};

type Frame = Pick<Program, 'window' | 'stages'>;

/** Goals of every kind that a program with such a window and stages can have. */
export function anyGoal(name: string, frame: Frame): fc.Arbitrary<Goal> {
  return fc
    .constantFrom(...POSSIBLE)
    .filter(({ period }) => isIn(frame, period))
    .chain(({ metric, period }) => {
      const settles =
        period !== 'lifetime' &&
        (period !== 'session' || frame.window !== null);
      const rates = settles && !ONCE_METRICS.includes(metric);
      return fc
        .record({
          channels: anyChannelsOf(metric),
          secondsADay: fc.bigInt({ min: 1n, max: 4n * 3600n }),
          settlesAfterDays: fc.option(fc.integer({ min: 0, max: 7 }), {
            freq: 2,
          }),
          payout: anyPayout(BigInt(REACHED[metric]), { rates }),
        })
        .map(({ channels, secondsADay, settlesAfterDays, payout }) => ({
          goal: name,
          metric,
          channels,
          period,
          secondsADay: DAY_METRICS.includes(metric) ? secondsADay : null,
          settlesAfterMs:
            settles && (settlesAfterDays !== null || payout.kind === 'rate')
              ? (settlesAfterDays ?? 0) * DAY_MS
              : null,
          payout,
        }));
    });
}

/** What a program's file can ask for. */
const POSSIBLE = METRICS.flatMap((metric) =>
  PERIOD_KINDS.filter((period) => {
    if (period === 'session') return SESSION_METRICS.includes(metric);
    return period !== 'lifetime' || !DAY_METRICS.includes(metric);
  }).map((period) => ({ metric, period })),
);

function isIn({ window, stages }: Frame, period: PeriodKind): boolean {
  if (period === 'window') return window !== null;
  return period !== 'stage' || stages.length > 0;
}

function anyChannelsOf(metric: Metric): fc.Arbitrary<Goal['channels']> {
  return CHANNEL_METRICS.includes(metric)
    ? fc.oneof(
        fc.constant([...CHANNELS]),
        fc.subarray([...CHANNELS], { minLength: 1 }),
      )
    : fc.constant([...CHANNELS]);
}

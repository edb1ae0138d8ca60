import fc from 'fast-check';
import { UNITS } from '@app/contracts';
import type {
  Expiry,
  Payout,
  Reward,
  RewardAmount,
  Tier,
} from '../src/program.js';

const anyExpiry: fc.Arbitrary<Expiry> = fc.oneof(
  fc.record({
    kind: fc.constant('after' as const),
    days: fc.integer({ min: 1, max: 90 }),
  }),
  fc.constant({ kind: 'at' as const, atMs: Date.parse('2025-06-01') }),
);

const anyFixed: fc.Arbitrary<RewardAmount> = fc.record({
  kind: fc.constant('fixed' as const),
  amount: fc.bigInt({ min: 1n, max: 10n }),
});

const anyDraw: fc.Arbitrary<RewardAmount> = fc
  .tuple(fc.bigInt({ min: 1n, max: 5n }), fc.bigInt({ min: 0n, max: 9n }))
  .map(([from, more]) => ({ kind: 'draw', from, to: from + more }));

const anyPoolShare: fc.Arbitrary<RewardAmount> = fc.record({
  kind: fc.constant('pool_share' as const),
  partsPerMillion: fc.bigInt({ min: 1n, max: 10n }),
});

const anyRewards = fc.array(
  rewardOf(fc.oneof(anyFixed, anyFixed, anyDraw, anyPoolShare)),
  { minLength: 1, maxLength: 2 },
);

const anyRate: fc.Arbitrary<Payout> = fc
  .record({
    kind: fc.constant('rate' as const),
    basisPoints: fc.bigInt({ min: 1n, max: 2_000n }),
    unit: fc.constantFrom('LIVE_IMP' as const, 'CNY' as const),
    atMost: orNull(fc.bigInt({ min: 1n, max: 500n })),
    expiry: anyExpiry,
  })
  .map((rate) => ({
    ...rate,
    expiry: rate.unit === 'CNY' ? null : rate.expiry,
  }));

/**
 * @param reached about the highest value that the metric reaches
 * @param rates whether it may be one
 */
export function anyPayout(
  reached: bigint,
  { rates }: { rates: boolean },
): fc.Arbitrary<Payout> {
  return fc.oneof(
    { weight: 4, arbitrary: anyTiers(reached, 'tiers') },
    { weight: 1, arbitrary: anyTiers(reached, 'highest_tier') },
    { weight: 2, arbitrary: anyRisingTiers(reached) },
    { weight: 3, arbitrary: anyEvery(reached) },
    { weight: rates ? 2 : 0, arbitrary: anyRate },
  );
}

function anyTiers(
  reached: bigint,
  kind: 'tiers' | 'highest_tier',
): fc.Arbitrary<Payout & { tiers: readonly Tier[] }> {
  return fc
    .uniqueArray(thresholdUpTo(reached), {
      minLength: 1,
      maxLength: 3,
    })
    .chain((thresholds) =>
      fc.tuple(
        ...thresholds
          .toSorted((a, b) => (a < b ? -1 : 1))
          .map((at) =>
            anyRewards.map((own) => ({ tier: `at-${at}`, at, rewards: own })),
          ),
      ),
    )
    .map((tiers) => ({ kind, tiers }));
}

/** Where a higher tier never pays less of anything. */
function anyRisingTiers(reached: bigint): fc.Arbitrary<Payout> {
  return anyTiers(reached, 'highest_tier').map(({ tiers }) => ({
    kind: 'highest_tier',
    tiers: tiers.map(({ tier, at }, i) => ({
      tier,
      at,
      rewards: tiers[0]!.rewards.map((reward) => ({
        ...reward,
        amount: { kind: 'fixed', amount: 10n * BigInt(i + 1) },
      })),
    })),
  }));
}

function anyEvery(reached: bigint): fc.Arbitrary<Payout> {
  return fc.record({
    kind: fc.constant('every' as const),
    // Not so small that 2^53 of them would empty a pool.
    every: thresholdUpTo(reached).map((at) =>
      reached > 1_000n ? at + 100n : at,
    ),
    times: orNull(fc.bigInt({ min: 1n, max: 4n })),
    rewards: fc.array(rewardOf(anyFixed), {
      minLength: 1,
      maxLength: 2,
    }),
  });
}

function rewardOf(amount: fc.Arbitrary<RewardAmount>): fc.Arbitrary<Reward> {
  return fc
    .record({ unit: fc.constantFrom(...UNITS), amount, expiry: anyExpiry })
    .map((reward) => ({
      ...reward,
      expiry: reward.unit === 'CNY' ? null : reward.expiry,
    }));
}

/** Mostly one that is reached before long. */
function thresholdUpTo(reached: bigint): fc.Arbitrary<bigint> {
  return fc.oneof(
    fc.bigInt({ min: 1n, max: reached }),
    fc.bigInt({ min: 1n, max: reached / 5n + 1n }),
  );
}

function orNull<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> {
  return fc.option(value, { nil: null });
}

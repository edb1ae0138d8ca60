import type { Goal, Payout, Reward } from '../program.js';
import { named, type GoalStanding, type PaidReward } from '../progress.js';
import { fixedAmount } from './fixed-amount.js';

/**
 * The value from which a goal may have something to pay, by what it has promised: below it there is nothing, whatever
 * the events. Null where nothing will ever be. Told without reckoning drawn amounts and shares of pools, for which it may
 * be lower than need be.
 */
export function paysFrom(
  { payout }: Goal,
  { paid, state }: GoalStanding,
): bigint | null {
  if (state !== 'open') return null;
  switch (payout.kind) {
    case 'tiers':
      for (const { at, tier } of payout.tiers)
        if (named(paid, tier) === undefined) return at;
      return null;
    case 'highest_tier':
      return tierOverPromised(payout, named(paid, 'highest_tier') ?? []);
    case 'every':
      return repeatOverPromised(payout, named(paid, 'every') ?? []);
    case 'rate':
      return 1n;
  }
}

/**
 * Where all that a value deserves was promised, the value from which there may be more to pay, as long as it only rises.
 * Null where nothing will ever be.
 */
export function nextStep(payout: Payout, value: bigint): bigint | null {
  switch (payout.kind) {
    case 'tiers':
    case 'highest_tier':
      for (const { at } of payout.tiers) if (at > value) return at;
      return null;
    case 'every': {
      const { every, times } = payout;
      const reached = value / every;
      return times !== null && reached >= times ? null : every * (reached + 1n);
    }
    case 'rate':
      return value + 1n;
  }
}

function tierOverPromised(
  { tiers }: Extract<Payout, { kind: 'highest_tier' }>,
  promised: readonly PaidReward[],
): bigint | null {
  for (const { at, rewards } of tiers)
    for (const { unit } of rewards) {
      const amount = fixedAmount(rewards, unit);
      if (amount === null || amount > promisedOf(promised, unit)) return at;
    }
  return null;
}

function repeatOverPromised(
  { every, times, rewards }: Extract<Payout, { kind: 'every' }>,
  promised: readonly PaidReward[],
): bigint | null {
  let repeats: bigint | null = null;
  for (const { unit } of rewards) {
    const amount = fixedAmount(rewards, unit);
    const ofUnit = amount === null ? 0n : promisedOf(promised, unit) / amount;
    if (repeats === null || ofUnit < repeats) repeats = ofUnit;
  }
  const next = (repeats ?? 0n) + 1n;
  return times !== null && next > times ? null : every * next;
}

function promisedOf(
  promised: readonly PaidReward[],
  unit: Reward['unit'],
): bigint {
  for (const one of promised) if (one.unit === unit) return one.promised;
  return 0n;
}

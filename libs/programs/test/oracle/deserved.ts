import { createHash } from 'node:crypto';
import type { Unit } from '@app/contracts';
import type { Goal, Program, Reward, Tier } from '../../src/program.js';

/** Of whom and of when it is. */
export interface Occasion {
  program: Program;
  goal: Goal;
  merchantId: string;
  period: string;
}

/** What a value deserves, by unit. */
export function deserved(occasion: Occasion, value: bigint): Map<Unit, bigint> {
  const { payout } = occasion.goal;
  switch (payout.kind) {
    case 'tiers':
      return summed(
        reached(payout.tiers, value).flatMap((tier) =>
          amounts(occasion, tier.tier, tier.rewards, 1n),
        ),
      );
    case 'highest_tier': {
      const highest = reached(payout.tiers, value).at(-1);
      return summed(
        highest ? amounts(occasion, highest.tier, highest.rewards, 1n) : [],
      );
    }
    case 'every': {
      const times = smaller(value / payout.every, payout.times);
      return summed(amounts(occasion, 'every', payout.rewards, times));
    }
    case 'rate': {
      const part = tenThousandths(value * payout.basisPoints);
      return summed([[payout.unit, smaller(part, payout.atMost)]]);
    }
  }
}

function reached(tiers: readonly Tier[], value: bigint): Tier[] {
  return tiers.filter(({ at }) => value >= at);
}

function amounts(
  occasion: Occasion,
  tier: string,
  rewards: readonly Reward[],
  times: bigint,
): [Unit, bigint][] {
  return rewards.map((reward, place) => [
    reward.unit,
    times * amountOf(occasion, tier, reward, place),
  ]);
}

function amountOf(
  { program, goal, merchantId, period }: Occasion,
  tier: string,
  { unit, amount }: Reward,
  place: number,
): bigint {
  switch (amount.kind) {
    case 'fixed':
      return amount.amount;
    case 'draw': {
      const names = [program.program, period, merchantId, goal.goal, tier];
      const seed = [...names, place].map((name) => `${name}\n`).join('');
      const hash = createHash('sha256').update(seed, 'utf8').digest('hex');
      const h = BigInt(`0x${hash.slice(0, 16)}`);
      return amount.from + (h % (amount.to - amount.from + 1n));
    }
    case 'pool_share':
      return poolShare(program, unit, amount.partsPerMillion);
  }
}

export function poolShare(
  { pools }: Program,
  unit: Unit,
  partsPerMillion: bigint,
): bigint {
  const share = (pools[unit]! * partsPerMillion) / 1_000_000n;
  return share > 0n ? share : 1n;
}

/** A ten-thousandth, rounded half to even. */
function tenThousandths(product: bigint): bigint {
  const whole = product / 10_000n;
  const rest = product % 10_000n;
  if (rest < 5_000n) return whole;
  if (rest > 5_000n) return whole + 1n;
  return whole % 2n === 0n ? whole : whole + 1n;
}

function smaller(amount: bigint, most: bigint | null): bigint {
  return most !== null && most < amount ? most : amount;
}

function summed(amounts: readonly [Unit, bigint][]): Map<Unit, bigint> {
  const sums = new Map<Unit, bigint>();
  for (const [unit, amount] of amounts)
    sums.set(unit, (sums.get(unit) ?? 0n) + amount);
  return sums;
}

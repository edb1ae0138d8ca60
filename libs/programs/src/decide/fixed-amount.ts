import type { Reward } from '../program.js';

/** What rewards come to in a unit; null where part of it is to be reckoned first. */
export function fixedAmount(
  rewards: readonly Reward[],
  unit: Reward['unit'],
): bigint | null {
  let sum = 0n;
  for (const { unit: other, amount } of rewards) {
    if (other !== unit) continue;
    if (amount.kind !== 'fixed') return null;
    sum += amount.amount;
  }
  return sum;
}

import type { Exact } from '../exact.js';
import type { Goal, Payout, Reward } from '../program.js';
import type { GoalStanding, PaidReward } from '../progress.js';
import { fixedAmount } from './fixed-amount.js';

/**
 * Whether a value deserves all that a goal has paid, so that nothing is to be taken back. Told without reckoning drawn
 * amounts, shares of pools and rates: what was paid of them may be deserved where it says no.
 */
export function keepsPaid(
  { payout }: Goal,
  paid: GoalStanding['paid'],
  value: Exact,
): boolean {
  return Object.keys(paid).every((key) =>
    payout.kind === 'tiers'
      ? payout.tiers.some(({ tier, at }) => tier === key && value >= at)
      : key === payout.kind && deserves(payout, paid[key]!, value),
  );
}

function deserves(
  payout: Exclude<Payout, { kind: 'tiers' }>,
  paid: readonly PaidReward[],
  value: Exact,
): boolean {
  switch (payout.kind) {
    case 'highest_tier': {
      const highest = payout.tiers.findLast(({ at }) => value >= at);
      return isFixed(highest?.rewards ?? [], 1n, paid);
    }
    case 'every': {
      const { every, times, rewards } = payout;
      const reached = BigInt(value) / every;
      const most = times !== null && reached > times ? times : reached;
      return isFixed(rewards, most, paid);
    }
    case 'rate':
      return false;
  }
}

/** Whether rewards of fixed amounts come, so many times, to what was promised. */
function isFixed(
  rewards: readonly Reward[],
  times: bigint,
  paid: readonly PaidReward[],
): boolean {
  return paid.every(({ unit, promised }) => {
    const amount = fixedAmount(rewards, unit);
    return amount !== null && amount * times >= promised;
  });
}

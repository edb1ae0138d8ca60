import fc from 'fast-check';
import { anyProgram } from '../../test/any-programs.js';
import { nothingPaid } from '../count/standing.js';
import type { Goal, Program } from '../program.js';
import type { GoalStanding } from '../progress.js';
import { byUnit, reachedBy } from './deserved.js';
import { keepsPaid } from './keeps-paid.js';

type Paid = GoalStanding['paid'];

const anyValue = fc.integer({ min: -5, max: 70_000 });

function reached(program: Program, goal: Goal, value: number) {
  const place = { program, goal, merchantId: 'm1', period: 'day:x' };
  return reachedBy(place, BigInt(value));
}

/** All that a value deserves, paid. */
function paidAt(program: Program, goal: Goal, value: number): Paid {
  return Object.fromEntries(
    reached(program, goal, value).map((place) => [
      place.key,
      byUnit(place.rewards()).map(({ unit, amount }) => ({
        ...nothingPaid(unit),
        promised: amount,
      })),
    ]),
  );
}

/** Whether a value deserves all that was paid: reckoned in full. */
function isKept(program: Program, goal: Goal, paid: Paid, value: number) {
  const places = reached(program, goal, value);
  return Object.entries(paid).every(([key, before]) => {
    const place = places.find((one) => one.key === key);
    if (goal.payout.kind === 'tiers') return place !== undefined;
    const rewards = byUnit(place?.rewards() ?? []);
    return before.every(
      ({ unit, promised }) =>
        promised <= (rewards.find((one) => one.unit === unit)?.amount ?? 0n),
    );
  });
}

/** Whether all that the goal pays stands in its program as it is. */
function isFixed({ payout }: Goal): boolean {
  if (payout.kind === 'tiers') return true;
  if (payout.kind === 'rate') return false;
  const rewards =
    payout.kind === 'every'
      ? payout.rewards
      : payout.tiers.flatMap((tier) => tier.rewards);
  return rewards.every(({ amount }) => amount.kind === 'fixed');
}

describe('what a goal has paid is kept', () => {
  it('only where the value deserves it, and there always where amounts are fixed', () => {
    let kept = 0;
    let lost = 0;
    fc.assert(
      fc.property(anyProgram, anyValue, anyValue, (program, one, other) => {
        for (const goal of program.goals) {
          const paid = paidAt(program, goal, one);
          const isDeserved = isKept(program, goal, paid, other);
          const keeps = keepsPaid(goal, paid, other);
          if (keeps) expect(isDeserved).toBe(true);
          if (isFixed(goal)) expect(keeps).toBe(isDeserved);
          if (keeps) kept++;
          else lost++;
        }
      }),
      { numRuns: 300 },
    );
    expect(kept).toBeGreaterThan(100);
    expect(lost).toBeGreaterThan(100);
  });

  it('nowhere where it was paid in a way that the goal pays in no longer', () => {
    fc.assert(
      fc.property(anyProgram, anyValue, ({ goals }, value) => {
        for (const goal of goals)
          expect(
            keepsPaid(goal, { elsewhere: [nothingPaid('CNY')] }, value),
          ).toBe(false);
      }),
    );
  });
});

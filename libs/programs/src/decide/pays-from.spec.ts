import fc from 'fast-check';
import { anyProgram } from '../../test/any-programs.js';
import { byUnit, reachedBy } from './deserved.js';
import { nextStep, paysFrom } from './pays-from.js';
import type { Goal, Program } from '../program.js';
import { NOT_STARTED, type GoalStanding } from '../progress.js';
import { nothingPaid } from '../count/standing.js';

const anyValue = fc.bigInt({ min: -5n, max: 70_000n });

function reached(program: Program, goal: Goal, value: bigint) {
  return reachedBy({ program, goal, merchantId: 'm1', period: 'day:x' }, value);
}

/** A standing to which all that a value deserves was promised. */
function promised(program: Program, goal: Goal, value: bigint): GoalStanding {
  const paid = Object.fromEntries(
    reached(program, goal, value).map((place) => [
      place.key,
      byUnit(place.rewards()).map(({ unit, amount }) => ({
        ...nothingPaid(unit),
        promised: amount,
      })),
    ]),
  );
  return { ...NOT_STARTED, value, paid };
}

/** Whether a value deserves anything that was not promised: reckoned in full. */
function isDue(
  program: Program,
  goal: Goal,
  { paid }: GoalStanding,
  value: bigint,
): boolean {
  return reached(program, goal, value).some((place) => {
    const known = paid[place.key];
    if (goal.payout.kind === 'tiers') return known === undefined;
    return byUnit(place.rewards()).some(
      ({ unit, amount }) =>
        amount > (known?.find((one) => one.unit === unit)?.promised ?? 0n),
    );
  });
}

function isBelow(value: bigint, from: bigint | null): boolean {
  return from === null || value < from;
}

describe('below the value from which a goal pays', () => {
  it('nothing is due, whatever it has promised', () => {
    let below = 0;
    fc.assert(
      fc.property(anyProgram, anyValue, anyValue, (program, one, other) => {
        for (const goal of program.goals) {
          const standing = promised(program, goal, one);
          if (!isBelow(other, paysFrom(goal, standing))) continue;
          below++;
          expect(isDue(program, goal, standing, other)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
    expect(below).toBeGreaterThan(100);
  });

  it('nothing is due to a value that rises from one of which all was promised', () => {
    let below = 0;
    fc.assert(
      fc.property(anyProgram, anyValue, anyValue, (program, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        for (const goal of program.goals) {
          if (!isBelow(high, nextStep(goal.payout, low))) continue;
          below++;
          const standing = promised(program, goal, low);
          expect(isDue(program, goal, standing, high)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
    expect(below).toBeGreaterThan(100);
  });

  it('a goal that is settled or closed never pays', () => {
    fc.assert(
      fc.property(anyProgram, ({ goals }) => {
        for (const goal of goals)
          for (const state of ['settled', 'closed'] as const)
            expect(paysFrom(goal, { ...NOT_STARTED, state })).toBe(null);
      }),
    );
  });
});

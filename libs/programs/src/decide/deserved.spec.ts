import fc from 'fast-check';
import { anyProgram } from '../../test/any-programs.js';
import { deserved } from '../../test/oracle/deserved.js';
import { ladder, reward } from '../../test/ladders.js';
import { metricValue, reachedBy } from './deserved.js';
import { NOT_STARTED } from '../progress.js';

const place = (program: ReturnType<typeof ladder>) => ({
  program,
  goal: program.goals[0]!,
  merchantId: 'm1',
  period: 'week:2024-11-11',
});

describe('what a value reaches', () => {
  it('is every tier at or below it', () => {
    const tiersAt = (value: bigint) =>
      reachedBy(place(ladder()), value).map(({ tier, threshold }) => [
        tier,
        threshold,
      ]);
    expect(tiersAt(-1n)).toEqual([]);
    expect(tiersAt(0n)).toEqual([]);
    expect(tiersAt(2n)).toEqual([['first', 1n]]);
    expect(tiersAt(3n)).toEqual([
      ['first', 1n],
      ['third', 3n],
    ]);
  });

  it('deserves what a plain oracle says, whatever the goal pays for', () => {
    fc.assert(
      fc.property(
        anyProgram,
        fc.bigInt({ min: -5n, max: 70_000n }),
        fc.constantFrom('m1', 'm2'),
        (program, value, merchantId) => {
          for (const goal of program.goals) {
            const occasion = { program, goal, merchantId, period: 'day:x' };
            const sums = new Map<string, bigint>();
            for (const place of reachedBy(occasion, value))
              for (const { unit, amount } of place.rewards())
                sums.set(unit, (sums.get(unit) ?? 0n) + amount);
            const expected = [...deserved(occasion, value)];
            expect(sums).toEqual(
              new Map(expected.filter(([, amount]) => amount > 0n)),
            );
          }
        },
      ),
    );
  });

  it.each([
    [1_500_000, 1n],
    [2_000_000, 2n],
    [999_999, 1n],
  ])('is of a pool of %i, a millionth: %i', (pool, expected) => {
    const share = { unit: 'ANY_IMP', poolShare: { partsPerMillion: 1 } };
    const rewards = [{ ...share, expiresAfterDays: 1 }];
    const program = ladder(
      { pools: { ANY_IMP: 10 * pool } },
      { tiers: [{ tier: 'first', at: 1, rewards: [reward(1), ...rewards] }] },
    );
    const published = { ...program, pools: { ANY_IMP: BigInt(pool) } };
    const [reached] = reachedBy(place(published), 1n);
    expect(reached!.rewards()[1]).toMatchObject({
      amount: expected,
      partsPerMillion: 1n,
    });
  });
});

describe('the value of a metric', () => {
  const valueOf = (metric: string, seconds: Record<number, number>) => {
    const program = ladder({}, { metric, secondsADay: 60 });
    const days = new Map(
      Object.entries(seconds).map(([day, s]) => [Number(day), s]),
    );
    return metricValue(program.goals[0]!, { ...NOT_STARTED, days });
  };

  it('of days is how many have enough seconds', () => {
    expect(valueOf('liveDays', { 5: 60, 1: 59, 9: 600 })).toBe(2);
    expect(valueOf('liveDays', {})).toBe(0);
  });

  it('of a streak is the longest run of them, in whatever order they came', () => {
    const days = { 12: 60, 10: 60, 3: 60, 11: 60, 4: 60, 5: 59 };
    expect(valueOf('liveDayStreak', days)).toBe(3);
    expect(valueOf('liveDayStreak', { 5: 1 })).toBe(0);
  });
});

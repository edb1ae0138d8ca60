import { paid, refunded } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { every, reward } from '../../test/ladders.js';
import { smallProgram } from '../../test/programs.js';

const DAYS = ['29', '30'].flatMap((day) => [
  paid(`a${day}`, `2024-11-${day}T10:00:00`, 1),
  paid(`b${day}`, `2024-11-${day}T23:59:59`, 1),
]);
const NEXT = paid('c', '2024-12-01T00:00:00', 1);
const MONDAY = paid('d', '2024-12-02T00:00:00', 1);

function cappedBy(period: string, amount: number) {
  const caps = [{ unit: 'ANY_IMP', amount, period }];
  const goal = { goal: 'orders', metric: 'orders', period: 'month' };
  return smallProgram({
    caps,
    goals: [{ ...goal, every: { count: 1, rewards: [reward(100)] } }],
  });
}

function amounts(grants: readonly string[]): number[] {
  return grants.map((grant) => Number(grant.split(' ')[1]));
}

describe('a cap', () => {
  const all = [...DAYS, NEXT, MONDAY];

  it.each([
    ['day', 150, [100, 50, 100, 50, 100, 100]],
    ['week', 250, [100, 100, 50, 100]],
    ['month', 350, [100, 100, 100, 50, 100, 100]],
    ['lifetime', 450, [100, 100, 100, 100, 50]],
  ])('of %s leaves at most %i: %j', (period, amount, expected) => {
    expect(amounts(grantsOf(cappedBy(period, amount), all))).toEqual(expected);
  });

  it('that cut a grant is named in its cause, and the pool is not to blame', () => {
    const granter = new GranterInMemory([cappedBy('day', 150)]).take(DAYS);
    expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
      { promised: 100, poolRanDry: false },
      { promised: 100, poolRanDry: false, capped: true },
      { promised: 100, poolRanDry: false },
      { promised: 100, poolRanDry: false, capped: true },
    ]);
    expect(granter.drafts[0]?.cause).not.toHaveProperty('capped');
  });

  it('that leaves nothing makes no entry, and says why', () => {
    const granter = new GranterInMemory([cappedBy('lifetime', 100)]).take(DAYS);
    expect(granter.grants()).toHaveLength(1);
    expect(granter.unpaid).toMatchObject(
      Array(3).fill({ promised: 100n, because: 'capped' }),
    );
  });

  it('comes before the pool, and both can cut one grant', () => {
    const program = smallProgram({
      caps: [{ unit: 'ANY_IMP', amount: 60, period: 'day' }],
      pools: { ANY_IMP: 40 },
    });
    const granter = new GranterInMemory([program]).take(DAYS.slice(0, 1));
    expect(granter.grants()).toEqual(['first: 40 ANY_IMP']);
    expect(granter.drafts[0]?.cause).toMatchObject({
      promised: 100,
      capped: true,
      poolRanDry: true,
    });
  });

  it('is over all goals of the program, and of its unit alone', () => {
    const tiers = [
      { tier: 'first', at: 1, rewards: [reward(100), reward(7, 'CNY')] },
    ];
    const goal = { metric: 'orders', period: 'day', tiers };
    const program = smallProgram({
      pools: { ANY_IMP: 1_000, CNY: 1_000 },
      caps: [{ unit: 'ANY_IMP', amount: 150, period: 'day' }],
      goals: [
        { ...goal, goal: 'one' },
        { ...goal, goal: 'two' },
      ],
    });
    expect(grantsOf(program, DAYS.slice(0, 1))).toEqual([
      'first: 100 ANY_IMP',
      'first: 7 CNY',
      'first: 50 ANY_IMP',
      'first: 7 CNY',
    ]);
  });

  it('gets no room by what is taken back', () => {
    const program = every(1, {
      takeBack: { refunds: 'difference' },
      caps: [{ unit: 'ANY_IMP', amount: 15, period: 'lifetime' }],
    });
    const events = [
      ...DAYS.slice(0, 2),
      refunded('b29', '2024-11-30T10:00:00', 1),
      ...DAYS.slice(2),
    ];
    const granter = new GranterInMemory([program]).take(events);
    expect(granter.grants()).toEqual([
      'every: 10 ANY_IMP',
      'every: 5 ANY_IMP',
      'sales: -5 ANY_IMP',
    ]);
  });

  it('is for each merchant by itself', () => {
    const events = ['m1', 'm2'].map((merchantId) =>
      paid('o1', '2024-11-11T10:00:00', 1, { merchantId }),
    );
    expect(amounts(grantsOf(cappedBy('day', 60), events))).toEqual([60, 60]);
  });
});

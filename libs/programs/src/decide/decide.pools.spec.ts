import { paid, paidTimes } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { smallGoal, smallProgram } from '../../test/programs.js';

const MONDAY = '2024-11-11T10:00:00';

describe('a pool that runs dry', () => {
  const program = smallProgram({ pools: { ANY_IMP: 250 } });
  const aDayApart = ['11', '12', '13', '14', '15'].map((day) =>
    paid(`o${day}`, `2024-11-${day}T10:00:00`, 1),
  );

  it('grants what it has left and says so; then nothing, which is kept as unpaid', () => {
    const granter = new GranterInMemory([program]).take(aDayApart);
    expect(granter.grants()).toEqual([
      'first: 100 ANY_IMP',
      'first: 100 ANY_IMP',
      'first: 50 ANY_IMP',
    ]);
    expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
      { promised: 100, poolRanDry: false },
      { promised: 100, poolRanDry: false },
      { promised: 100, poolRanDry: true },
    ]);
    expect(granter.unpaid).toMatchObject([
      { period: 'day:2024-11-14', tier: 'first', promised: 100n },
      { period: 'day:2024-11-15', tier: 'first', promised: 100n },
    ]);
  });

  it('says what was not paid, and why', () => {
    const empty = new GranterInMemory([program]);
    empty.pools.clear();
    expect(empty.take(aDayApart.slice(0, 1)).unpaid).toEqual([
      {
        merchantId: 'm1',
        program: 'small',
        goal: 'daily-orders',
        tier: 'first',
        period: 'day:2024-11-11',
        unit: 'ANY_IMP',
        promised: 100n,
        because: 'pool_dry',
      },
    ]);
  });

  it('does not make good later what it could not pay', () => {
    const granter = new GranterInMemory([program]);
    granter.pools.set('small\nANY_IMP', 50n);
    granter.take([paid('o1', MONDAY, 1)]);
    granter.pools.set('small\nANY_IMP', 1_000n);
    granter.take([paid('o2', MONDAY, 1)]);
    expect(granter.grants()).toEqual(['first: 50 ANY_IMP']);
  });

  it('leaves the pools of other units and other programs alone', () => {
    const rewards = ['LIVE_IMP', 'ANY_IMP'].map((unit) => ({
      unit,
      amount: 100,
      expiresAfterDays: 1,
    }));
    const tiers = [{ tier: 'first', at: 1, rewards }];
    const pools = { LIVE_IMP: 30, ANY_IMP: 1_000 };
    const two = smallGoal({ tiers }, { pools });
    expect(grantsOf(two, paidTimes(1, MONDAY))).toEqual([
      'first: 30 LIVE_IMP',
      'first: 100 ANY_IMP',
    ]);
  });
});

describe('amounts', () => {
  it('stay exact beyond 2^53', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const goal = { metric: 'gmvMinor', period: 'week' };
    const rewards = [{ unit: 'CNY', amount: most, expiresAfterDays: 1 }];
    const program = smallGoal(
      { ...goal, tiers: [{ tier: 'huge', at: most, rewards }] },
      { pools: { CNY: most } },
    );
    const granter = new GranterInMemory([program]).take([
      paid('o1', MONDAY, most - 1),
      paid('o2', MONDAY, most),
    ]);
    expect(granter.grants()).toEqual([`huge: ${most} CNY`]);
    expect(granter.drafts[0]?.cause).toMatchObject({
      value: '18014398509481981',
      threshold: most,
    });
    expect([...granter.values().values()]).toEqual([18014398509481981n]);
  });
});

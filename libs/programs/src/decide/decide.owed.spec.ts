import { paid } from '../../test/activity.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { smallGoal, smallProgram } from '../../test/programs.js';

const ORDERS = ['11', '12', '13'].map((day) =>
  paid(`o${day}`, `2024-11-${day}T10:00:00`, 1),
);

describe('a merchant who owes something', () => {
  it('settles it out of grants in their order, in one batch or in several', () => {
    for (const batches of [[ORDERS], ORDERS.map((order) => [order])]) {
      const granter = new GranterInMemory([smallProgram()]);
      granter.owed.set('m1\nANY_IMP', 150n);
      for (const batch of batches) granter.take(batch);
      expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
        { promised: 100, keptBack: 100 },
        { promised: 100, keptBack: 50 },
        { promised: 100 },
      ]);
      expect(granter.drafts[2]?.cause).not.toHaveProperty('keptBack');
      expect(granter.lots).toMatchObject([
        { lotId: 'grants-3-2', granted: 50n },
        { lotId: 'grants-3-3', granted: 100n },
      ]);
      expect(granter.owed.get('m1\nANY_IMP')).toBe(0n);
    }
  });

  it('settles in the unit that is owed alone, and nobody else’s', () => {
    const granter = new GranterInMemory([smallProgram()]);
    granter.owed.set('m1\nLIVE_IMP', 150n).set('m2\nANY_IMP', 150n);
    granter.take(ORDERS.slice(0, 1));
    expect(granter.lots).toMatchObject([{ granted: 100n }]);
  });

  it('settles no more than the pool had', () => {
    const granter = new GranterInMemory([
      smallProgram({ pools: { ANY_IMP: 60 } }),
    ]);
    granter.owed.set('m1\nANY_IMP', 100n);
    granter.take(ORDERS);
    expect(granter.drafts).toMatchObject([
      { cause: { promised: 100, keptBack: 60, poolRanDry: true } },
    ]);
    expect(granter.owed.get('m1\nANY_IMP')).toBe(40n);
  });
});

describe('a reward in cash', () => {
  const tiers = [
    { tier: 'first', at: 1, rewards: [{ unit: 'CNY', amount: 30 }] },
  ];
  const program = smallGoal({ tiers }, { pools: { CNY: 70 } });

  it('is payable: it makes no lot, and does not expire', () => {
    const granter = new GranterInMemory([program]).take(ORDERS);
    expect(granter.grants()).toEqual([
      'first: 30 CNY',
      'first: 30 CNY',
      'first: 10 CNY',
    ]);
    expect(granter.lots).toEqual([]);
    const [{ postings, cause }] = granter.drafts as [
      (typeof granter.drafts)[number],
    ];
    expect(postings).toEqual([
      { account: 'pool:small', unit: 'CNY', amount: -30n, lotId: null },
      { account: 'payable', unit: 'CNY', amount: 30n, lotId: null },
    ]);
    expect(cause).toMatchObject({ type: 'goal_reached', promised: 30 });
    expect(cause).not.toHaveProperty('expiresAt');
  });

  it('settles what is owed in cash', () => {
    const granter = new GranterInMemory([program]);
    granter.owed.set('m1\nCNY', 40n);
    granter.take(ORDERS.slice(0, 2));
    expect(granter.drafts[1]?.postings).toMatchObject([
      { account: 'pool:small', amount: -10n },
      { account: 'owed', amount: 10n },
      { account: 'pool:small', amount: -20n },
      { account: 'payable', amount: 20n },
    ]);
  });
});

import { flagged, paid, paidTimes, refunded } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { every, ladder, reward } from '../../test/ladders.js';
import { MAX_GRANTS_KEPT } from '../progress.js';

const THREE = ['o1', 'o2', 'o3'].map((orderId, i) =>
  paid(orderId, `2024-11-11T1${i}:00:00`, 1),
);
const BACK = refunded('o3', '2024-11-12T10:00:00', 1);
const FOURTH = paid('o4', '2024-11-13T10:00:00', 1);
const NEXT_WEEK = paid('o5', '2024-11-18T10:00:00', 1);
const PAID = ['first: 100 ANY_IMP', 'third: 1000 ANY_IMP'];

describe('a refund below a tier that was paid', () => {
  const events = [...THREE, BACK, FOURTH, NEXT_WEEK];
  const nextWeek = 'first: 100 ANY_IMP';

  it('leaves what was paid, under never, and the tier is not paid again', () => {
    const program = ladder({ takeBack: { refunds: 'never' } });
    expect(grantsOf(program, events)).toEqual([...PAID, nextWeek]);
  });

  it('takes back what is no longer deserved, under difference, and pays it again when it is', () => {
    const program = ladder({ takeBack: { refunds: 'difference' } });
    expect(grantsOf(program, events)).toEqual([
      ...PAID,
      'sales: -1000 ANY_IMP',
      'third: 1000 ANY_IMP',
      nextWeek,
    ]);
  });

  it('takes back all that the goal has paid in the period, under all, and closes it', () => {
    const program = ladder({ takeBack: { refunds: 'all' } });
    expect(grantsOf(program, events)).toEqual([
      ...PAID,
      'sales: -100 ANY_IMP',
      'sales: -1000 ANY_IMP',
      nextWeek,
    ]);
  });

  it('takes nothing back where no tier is lost', () => {
    const program = ladder({ takeBack: { refunds: 'all' } });
    const notEnough = refunded('o4', '2024-11-14T10:00:00', 1);
    expect(grantsOf(program, [...THREE, FOURTH, notEnough])).toEqual(PAID);
  });

  it('says in its entry which lot is taken back, how much of it and why, and moves nothing itself', () => {
    const granter = new GranterInMemory([
      ladder({ takeBack: { refunds: 'difference' } }),
    ]).take([...THREE, BACK]);
    expect(granter.drafts.at(-1)).toEqual({
      kind: 'clawback',
      merchantId: 'm1',
      occurredAtMs: BACK.occurredAtMs,
      postings: [],
      cause: {
        type: 'reward_taken_back',
        program: 'small',
        version: 1,
        goal: 'sales',
        period: 'week:2024-11-11',
        metric: 'orders',
        value: 2,
        rule: 'difference',
        because: 'refund',
        unit: 'ANY_IMP',
        amount: 1_000,
        lots: [{ lotId: 'grants-3-2', amount: 1_000 }],
        events: [expect.objectContaining({ id: BACK.id })],
      },
    });
  });
});

describe('what is taken back', () => {
  const lotsOf = (granter: GranterInMemory) =>
    granter.drafts.flatMap(({ cause }) =>
      cause.type === 'reward_taken_back' ? [cause.lots] : [],
    );

  it('is of the newest lots first', () => {
    const program = every(1, { takeBack: { refunds: 'difference' } });
    const granter = new GranterInMemory([program]).take(THREE);
    granter.take([refunded('o1', '2024-11-12T10:00:00', 1)]);
    granter.take([refunded('o2', '2024-11-12T10:00:00', 1)]);
    expect(lotsOf(granter)).toEqual([
      [{ lotId: 'grants-3-3', amount: 10 }],
      [{ lotId: 'grants-3-2', amount: 10 }],
    ]);
  });

  it('is of several lots where one is not enough, and of a part of the last', () => {
    const rewards = [reward(10)];
    const program = every(
      1,
      { takeBack: { refunds: 'difference' } },
      { metric: 'gmvMinor', every: { count: 1, rewards } },
    );
    const granter = new GranterInMemory([program]).take([
      paid('o1', '2024-11-11T10:00:00', 5),
      paid('o2', '2024-11-11T11:00:00', 2),
      refunded('o1', '2024-11-12T10:00:00', 4),
    ]);
    expect(granter.grants()).toEqual([
      'every: 50 ANY_IMP',
      'every: 20 ANY_IMP',
      'sales: -40 ANY_IMP',
    ]);
    expect(lotsOf(granter)).toEqual([
      [
        { lotId: 'grants-3-2', amount: 20 },
        { lotId: 'grants-3-1', amount: 20 },
      ],
    ]);
  });

  it('is all of it also after more grants than are told apart', () => {
    const takeBack = { flags: 'difference', flaggedFrom: 'start' };
    const granter = new GranterInMemory([every(1, { takeBack })]);
    for (const event of paidTimes(40, '2024-11-11T10:00:00'))
      granter.take([event]);
    granter.take([flagged('merchant', 'm1', '2024-11-12T10:00:00')]);
    expect(granter.grants()).toHaveLength(41);
    expect(granter.grants().at(-1)).toBe('sales: -400 ANY_IMP');
    const [lots] = lotsOf(granter);
    expect(lots).toHaveLength(MAX_GRANTS_KEPT);
    expect(lots![0]).toEqual({ lotId: 'grants-3-40', amount: 10 });
    expect(lots!.at(-1)).toEqual({ lotId: 'grants-3-9', amount: 90 });
  });

  it('is no more than the pool had granted', () => {
    const program = ladder({
      takeBack: { refunds: 'difference' },
      pools: { ANY_IMP: 350 },
    });
    expect(grantsOf(program, [...THREE, BACK])).toEqual([
      'first: 100 ANY_IMP',
      'third: 250 ANY_IMP',
      'sales: -250 ANY_IMP',
    ]);
  });
});

describe('cash that is taken back', () => {
  const program = ladder(
    { takeBack: { refunds: 'difference' } },
    { tiers: [{ tier: 'third', at: 3, rewards: [reward(1_000, 'CNY')] }] },
  );

  it('comes from what is payable', () => {
    const granter = new GranterInMemory([program]).take([...THREE, BACK]);
    expect(granter.drafts[1]?.postings).toEqual([
      { account: 'payable', unit: 'CNY', amount: -1_000n, lotId: null },
      {
        account: 'clawed_back:small',
        unit: 'CNY',
        amount: 1_000n,
        lotId: null,
      },
    ]);
    expect(granter.drafts[1]?.cause).not.toHaveProperty('owed');
    expect(granter.payable.get('m1\nCNY')).toBe(0n);
  });

  it('is owed as far as it was paid out already, and settled out of the next grant', () => {
    const granter = new GranterInMemory([program]).take(THREE);
    granter.payable.set('m1\nCNY', 400n);
    granter.take([BACK]);
    expect(granter.drafts[1]).toMatchObject({
      postings: [
        { account: 'payable', amount: -400n },
        { account: 'clawed_back:small', amount: 400n },
        { account: 'owed', amount: -600n },
        { account: 'clawed_back:small', amount: 600n },
      ],
      cause: { amount: 1_000, owed: 600 },
    });
    expect(granter.owed.get('m1\nCNY')).toBe(600n);
    granter.take([FOURTH]);
    expect(granter.drafts[2]?.cause).toMatchObject({ keptBack: 600 });
    expect(granter.owed.get('m1\nCNY')).toBe(0n);
    expect(granter.payable.get('m1\nCNY')).toBe(400n);
  });
});

describe('an earlier payment that comes to light', () => {
  it.each(['difference', 'all'])(
    'moves its order to another week, and what it had paid with it, under %s',
    (refunds) => {
      const program = ladder({ takeBack: { refunds } });
      const granter = new GranterInMemory([program]).take([NEXT_WEEK]);
      granter.take([paid('o5', '2024-11-11T10:00:00', 1)]);
      granter.take([paid('o6', '2024-11-18T10:00:00', 1)]);
      const entries = granter.drafts.map(({ cause }, i) => [
        granter.grants()[i],
        'period' in cause && cause.period,
      ]);
      expect(entries).toEqual([
        ['first: 100 ANY_IMP', 'week:2024-11-18'],
        ['sales: -100 ANY_IMP', 'week:2024-11-18'],
        ['first: 100 ANY_IMP', 'week:2024-11-11'],
        ['first: 100 ANY_IMP', 'week:2024-11-18'],
      ]);
    },
  );
});

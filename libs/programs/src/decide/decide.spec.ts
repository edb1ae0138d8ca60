import { paid, paidTimes, timeMs } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { ORDER_LADDER, smallGoal, smallProgram } from '../../test/programs.js';

describe('the order ladder', () => {
  it('pays 1,000 ANY_IMP for the first order of a week', () => {
    const granter = new GranterInMemory([ORDER_LADDER]);
    granter.take([paid('o1', '2024-11-12T10:00:00', 4_000)]);
    expect(granter.drafts).toEqual([
      {
        kind: 'grant',
        merchantId: 'm1',
        occurredAtMs: timeMs('2024-11-12T10:00:00'),
        postings: [
          {
            account: 'pool:order-ladder',
            unit: 'ANY_IMP',
            amount: -1_000n,
            lotId: 'grants-3-1',
          },
          {
            account: 'available',
            unit: 'ANY_IMP',
            amount: 1_000n,
            lotId: 'grants-3-1',
          },
        ],
        cause: {
          type: 'goal_reached',
          program: 'order-ladder',
          version: 1,
          goal: 'weekly-orders',
          tier: '1-order',
          period: 'week:2024-11-11',
          metric: 'orders',
          value: 1,
          threshold: 1,
          promised: 1_000,
          poolRanDry: false,
          expiresAt: '2024-12-12T02:00:00.000Z',
          events: [
            {
              topic: 'merchant.activity.v1',
              partition: 3,
              offset: '0',
              source: '/orders',
              id: 'o1 paid 2024-11-12T10:00:00',
            },
          ],
        },
      },
    ]);
    expect(granter.lots).toEqual([
      {
        lotId: 'grants-3-1',
        merchantId: 'm1',
        unit: 'ANY_IMP',
        granted: 1_000n,
        expiresAtMs: timeMs('2024-12-12T10:00:00'),
        program: 'order-ladder',
      },
    ]);
  });

  it('adds the tiers up: five orders of a week have paid 7,000, twenty 47,000', () => {
    const orders = paidTimes(25, '2024-11-12T10:00:00');
    const first = '1-order: 1000 ANY_IMP';
    const fifth = '5-orders: 6000 ANY_IMP';
    const twentieth = '20-orders: 40000 ANY_IMP';
    expect(grantsOf(ORDER_LADDER, orders.slice(0, 4))).toEqual([first]);
    expect(grantsOf(ORDER_LADDER, orders.slice(0, 5))).toEqual([first, fifth]);
    expect(grantsOf(ORDER_LADDER, orders)).toEqual([first, fifth, twentieth]);
  });

  it.each([
    [49_999, []],
    [50_000, ['gmv-500: 2000 LIVE_IMP', 'gmv-500: 2000 VIDEO_IMP']],
    [
      500_000,
      [
        'gmv-500: 2000 LIVE_IMP',
        'gmv-500: 2000 VIDEO_IMP',
        'gmv-5000: 30000 LIVE_IMP',
        'gmv-5000: 30000 VIDEO_IMP',
      ],
    ],
  ])('pays for sales of %i fen at once %j', (amountMinor, tiers) => {
    const order = paid('o1', '2024-11-12T10:00:00', amountMinor);
    expect(grantsOf(ORDER_LADDER, [order])).toEqual([
      '1-order: 1000 ANY_IMP',
      ...tiers,
    ]);
  });

  it('begins a week on Monday at 00:00 in Shanghai', () => {
    const sunday = paid('o1', '2024-11-10T23:59:59.999', 1);
    const monday = paid('o2', '2024-11-11T00:00:00', 1);
    const nextSunday = paid('o3', '2024-11-17T23:59:59.999', 1);
    const granter = new GranterInMemory([ORDER_LADDER]);
    granter.take([sunday, monday, nextSunday]);
    expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
      { period: 'week:2024-11-04', tier: '1-order' },
      { period: 'week:2024-11-11', tier: '1-order' },
    ]);
  });

  it('counts each merchant apart', () => {
    const orders = ['m1', 'm2'].map((merchantId) =>
      paid('o1', '2024-11-12T10:00:00', 1, { merchantId }),
    );
    const granter = new GranterInMemory([ORDER_LADDER]).take(orders);
    expect(granter.lots).toMatchObject([
      { merchantId: 'm1', granted: 1_000n },
      { merchantId: 'm2', granted: 1_000n },
    ]);
  });

  it('grants for an event of long ago what has expired by now', () => {
    const granter = new GranterInMemory([ORDER_LADDER]);
    granter.take([
      paid('o2', '2024-11-12T10:00:00', 1),
      paid('o1', '2016-10-04T10:00:00', 1),
    ]);
    expect(granter.lots[1]).toMatchObject({
      granted: 1_000n,
      expiresAtMs: timeMs('2016-11-03T10:00:00'),
    });
  });

  it('passes over events that no goal counts', () => {
    const followers = {
      source: '/follow',
      id: 'f1',
      type: 'follower.gained' as const,
      merchantId: 'm1',
      occurredAtMs: 0,
      data: { count: 5, channel: 'live' as const },
    };
    expect(grantsOf(ORDER_LADDER, [followers])).toEqual([]);
  });
});

describe('a goal', () => {
  it('counts the channels that it names and no others', () => {
    const program = smallGoal({ channels: ['live', 'short_video'] });
    const shelf = paid('o1', '2024-11-12T10:00:00', 1, { channel: 'shelf' });
    const live = paid('o2', '2024-11-12T11:00:00', 1, { channel: 'live' });
    expect(grantsOf(program, [shelf])).toEqual([]);
    expect(grantsOf(program, [shelf, live])).toEqual(['first: 100 ANY_IMP']);
  });

  it.each([
    ['day', '2024-11-12T23:59:59', '2024-11-13T00:00:00'],
    ['week', '2024-11-17T23:59:59', '2024-11-18T00:00:00'],
    ['month', '2024-11-30T23:59:59', '2024-12-01T00:00:00'],
  ])('over a %s begins anew with the next', (period, last, next) => {
    const program = smallGoal({ period });
    const same = [paid('o1', last, 1), paid('o2', last, 1)];
    expect(grantsOf(program, same)).toHaveLength(1);
    expect(grantsOf(program, [...same, paid('o3', next, 1)])).toHaveLength(2);
  });

  const window = {
    from: '2024-11-01T00:00:00+08:00',
    until: '2024-11-12T00:00:00+08:00',
  };

  it('over the window pays once in it', () => {
    const program = smallGoal({ period: 'window' }, { window });
    const orders = paidTimes(3, '2024-11-01T00:00:00');
    expect(grantsOf(program, orders)).toEqual(['first: 100 ANY_IMP']);
  });

  it.each([
    ['2024-10-31T23:59:59.999', 0],
    ['2024-11-01T00:00:00', 1],
    ['2024-11-11T23:59:59.999', 1],
    ['2024-11-12T00:00:00', 0],
  ])('counts an order of %s %i times in that window', (time, times) => {
    const orders = [paid('o1', time, 1)];
    expect(grantsOf(smallProgram({ window }), orders)).toHaveLength(times);
  });

  it('pays by each program that counts the order', () => {
    const other = smallProgram({ program: 'other' });
    const granter = new GranterInMemory([ORDER_LADDER, smallProgram(), other]);
    granter.take([paid('o1', '2024-11-12T10:00:00', 1)]);
    expect(granter.lots.map(({ program }) => program)).toEqual([
      'order-ladder',
      'small',
      'other',
    ]);
  });
});

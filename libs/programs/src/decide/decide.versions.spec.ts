import {
  flagged,
  paid,
  refunded,
  started,
  stream,
  timeMs,
} from '../../test/activity.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { every, ladder, reward } from '../../test/ladders.js';
import type { Program } from '../program.js';

const TIERS = [
  { tier: 'first', at: 1, rewards: [reward(500)] },
  { tier: 'third', at: 3, rewards: [reward(5_000)] },
];

/** Holds from Wednesday on. */
function second(progress: 'carriesOver' | 'startsAnew') {
  const startsAt = '2024-11-13T00:00:00+08:00';
  return ladder({ version: 2, startsAt, progress }, { tiers: TIERS });
}

const MONDAY = paid('o1', '2024-11-11T10:00:00', 1);
const TUESDAY = paid('o2', '2024-11-12T23:59:59', 1);
const WEDNESDAY = paid('o3', '2024-11-13T00:00:00', 1);

function entriesOf(granter: GranterInMemory) {
  return granter.drafts.map(({ cause }, i) => [
    'version' in cause && cause.version,
    granter.grants()[i],
  ]);
}

describe('a version that starts in mid-season', () => {
  it('goes on with what was counted and paid before, where it carries over', () => {
    const granter = new GranterInMemory([ladder(), second('carriesOver')]);
    granter.take([MONDAY, TUESDAY, WEDNESDAY]);
    expect(entriesOf(granter)).toEqual([
      [1, 'first: 100 ANY_IMP'],
      [2, 'third: 5000 ANY_IMP'],
    ]);
  });

  it('counts from zero and can pay every tier again, where it starts anew', () => {
    const granter = new GranterInMemory([ladder(), second('startsAnew')]);
    granter.take([MONDAY, TUESDAY, WEDNESDAY]);
    expect(entriesOf(granter)).toEqual([
      [1, 'first: 100 ANY_IMP'],
      [2, 'first: 500 ANY_IMP'],
    ]);
  });

  it.each(['carriesOver', 'startsAnew'] as const)(
    'decides by the time of what happened, however late that arrives: %s',
    (progress) => {
      const granter = new GranterInMemory([ladder(), second(progress)]);
      granter.take([TUESDAY], timeMs('2025-01-01T00:00:00'));
      expect(entriesOf(granter)).toEqual([[1, 'first: 100 ANY_IMP']]);
    },
  );

  it('that carries over does not pay a paid tier again under another threshold', () => {
    const easier = ladder(
      { version: 2, startsAt: '2024-11-13T00:00:00+08:00' },
      { tiers: [{ ...TIERS[0], at: 2 }, TIERS[1]] },
    );
    const granter = new GranterInMemory([ladder(), easier]);
    granter.take([MONDAY, WEDNESDAY]);
    expect(entriesOf(granter)).toEqual([[1, 'first: 100 ANY_IMP']]);
  });

  it('is no other program: its pool comes out of the same name', () => {
    const granter = new GranterInMemory([ladder(), second('startsAnew')]);
    granter.take([MONDAY, WEDNESDAY]);
    expect(granter.drafts.map(({ postings }) => postings[0]!.account)).toEqual([
      'pool:small',
      'pool:small',
    ]);
  });
});

const THURSDAY = '2024-11-14T00:00:00+08:00';
const SATURDAY = '2024-11-16T10:00:00';
const REFUNDS = { takeBack: { refunds: 'difference' } };
const FROM_THURSDAY = { ...REFUNDS, version: 2, startsAt: THURSDAY };

/** Two orders under the one version, and two under the next. */
const FOUR_ORDERS = [
  paid('tuesday-1', '2024-11-12T10:00:00', 1),
  paid('tuesday-2', '2024-11-12T11:00:00', 1),
  paid('friday-1', '2024-11-15T10:00:00', 1),
  paid('friday-2', '2024-11-15T11:00:00', 1),
];

/** What is kept of {@link FOUR_ORDERS} after refunds of some on Saturday. */
function keptAfter(
  versions: readonly Program[],
  refundedOrders: readonly string[],
): bigint {
  const granter = new GranterInMemory(versions);
  for (const order of FOUR_ORDERS) granter.take([order], order.occurredAtMs);
  for (const order of refundedOrders)
    granter.take([refunded(order, SATURDAY, 1)], timeMs(SATURDAY));
  return kept(granter);
}

function kept(granter: GranterInMemory): bigint {
  return granter.net().reduce((sum, { amount }) => sum + amount, 0n);
}

describe('what falls under versions that carry over', () => {
  const three = (at: number, amount: number) => [
    { tier: 'three', at, rewards: [reward(amount)] },
  ];
  const highest = (amount: number) => ({
    tiers: undefined,
    highestTier: three(3, amount),
  });
  const tens = { every: { count: 1, rewards: [reward(10)] } };
  const twenties = { every: { count: 1, rewards: [reward(20)] } };

  const dearerTier = [
    ladder(REFUNDS, highest(100)),
    ladder(FROM_THURSDAY, highest(200)),
  ];
  const cheaperTier = [
    ladder(REFUNDS, { highestTier: three(2, 200), tiers: undefined }),
    ladder(FROM_THURSDAY, { highestTier: three(2, 100), tiers: undefined }),
  ];
  const nearerTier = [
    ladder(REFUNDS, { tiers: three(5, 100) }),
    ladder(FROM_THURSDAY, { tiers: three(3, 100) }),
  ];
  const fartherTier = [
    ladder(REFUNDS, { tiers: three(2, 100) }),
    ladder(FROM_THURSDAY, { tiers: three(5, 100) }),
  ];
  const dearerOrders = [
    every(1, REFUNDS, tens),
    every(1, FROM_THURSDAY, twenties),
  ];
  const cheaperOrders = [
    every(1, REFUNDS, twenties),
    every(1, FROM_THURSDAY, tens),
  ];

  describe.each([
    [
      'a highest tier that pays more in the next version',
      dearerTier,
      200n,
      200n,
      0n,
    ],
    ['a highest tier that pays less in it', cheaperTier, 200n, 200n, 0n],
    ['a tier that is nearer in it', nearerTier, 100n, 100n, 0n],
    ['a tier that is farther in it', fartherTier, 100n, 100n, 0n],
    ['repeats that pay more in it', dearerOrders, 80n, 60n, 20n],
    ['repeats that pay less in it', cheaperOrders, 40n, 40n, 20n],
  ])('%s', (_, versions, paidForFour, keptOfThree, keptOfOne) => {
    it('is paid once', () => {
      expect(keptAfter(versions, [])).toBe(paidForFour);
    });

    it.each(
      FOUR_ORDERS.map(({ data }) => (data as { orderId: string }).orderId),
    )(
      'stays as far as the most generous version pays it, whichever falls: %s',
      (order) => {
        expect(keptAfter(versions, [order])).toBe(keptOfThree);
      },
    );

    it.each([
      [['tuesday-1', 'tuesday-2', 'friday-1']],
      [['friday-1', 'friday-2', 'tuesday-1']],
    ])('goes where no version pays it any more: %j', (orders) => {
      expect(keptAfter(versions, orders)).toBe(keptOfOne);
    });
  });

  it('stays where another payout of its name would pay it', () => {
    const versions = [
      ladder(REFUNDS, { tiers: three(2, 100) }),
      every(1, FROM_THURSDAY, tens),
    ];
    expect(keptAfter(versions, [])).toBe(140n);
    for (const order of ['tuesday-1', 'friday-1'])
      expect(keptAfter(versions, [order])).toBe(130n);
    expect(keptAfter(versions, ['tuesday-1', 'friday-1', 'friday-2'])).toBe(
      10n,
    );
  });

  it('is taken back by the rule of the version that it counted under', () => {
    const keeping = { takeBack: { refunds: 'never' } };
    const versions = [every(1, keeping, tens), every(1, FROM_THURSDAY, tens)];
    expect(keptAfter(versions, ['tuesday-1'])).toBe(40n);
    expect(keptAfter(versions, ['friday-1'])).toBe(30n);
  });

  it('is judged without a version that has not begun', () => {
    const [before, after] = dearerOrders;
    const granter = new GranterInMemory([before!, after!]);
    const clockMs = timeMs('2024-11-13T10:00:00');
    granter.take(FOUR_ORDERS.slice(0, 2), clockMs);
    granter.take([refunded('tuesday-1', '2024-11-13T10:00:00', 1)], clockMs);
    expect(kept(granter)).toBe(10n);
  });

  it('is judged without a version that starts anew, or counts over other periods', () => {
    const anew = { ...FROM_THURSDAY, progress: 'startsAnew' };
    const daily = { ...twenties, period: 'day' };
    for (const after of [
      every(1, anew, twenties),
      every(1, FROM_THURSDAY, daily),
    ]) {
      const versions = [every(1, REFUNDS, tens), after];
      expect(keptAfter(versions, [])).toBe(60n);
      expect(keptAfter(versions, ['tuesday-1'])).toBe(50n);
      expect(keptAfter(versions, ['friday-1'])).toBe(40n);
    }
  });

  it('is all taken back only where no version pays a part of it', () => {
    const all = { takeBack: { refunds: 'all' } };
    const versions = [
      ladder(all, { tiers: three(5, 100) }),
      ladder({ ...FROM_THURSDAY, ...all }, { tiers: three(3, 100) }),
    ];
    expect(keptAfter(versions, ['tuesday-1'])).toBe(100n);
    expect(keptAfter(versions, ['tuesday-1', 'tuesday-2'])).toBe(0n);
  });

  it('is judged alike after a flag that has all counted anew', () => {
    const flags = { takeBack: { flags: 'difference', flaggedFrom: 'start' } };
    const hours = (amount: number) => ({
      metric: 'liveSeconds',
      every: { count: 3_600, rewards: [reward(amount)] },
    });
    const granter = new GranterInMemory([
      every(1, flags, hours(20)),
      every(1, { ...FROM_THURSDAY, ...flags }, hours(10)),
    ]);
    const streams = [
      ...stream('s1', '2024-11-12T10:00:00', 2),
      ...stream('s2', '2024-11-15T10:00:00', 1),
    ];
    granter.take(streams, timeMs(SATURDAY));
    expect(kept(granter)).toBe(40n);
    granter.take([flagged('session', 's2', SATURDAY)], timeMs(SATURDAY));
    expect(kept(granter)).toBe(40n);
    granter.take([flagged('session', 's1', SATURDAY)], timeMs(SATURDAY));
    expect(kept(granter)).toBe(0n);
  });

  it.each([
    ['a flag', flagged('session', 's1', '2024-11-12T13:00:00')],
    ['an earlier start', started('s1', '2024-11-10T10:00:00')],
  ])(
    'falls by %s that the next version alone, with its shorter days, counts as less',
    (_, fall) => {
      const both = {
        takeBack: {
          refunds: 'difference',
          flags: 'difference',
          flaggedFrom: 'start',
        },
      };
      const days = (hours: number) => ({
        ...tens,
        metric: 'liveDays',
        secondsADay: hours * 3_600,
      });
      const granter = new GranterInMemory([
        every(1, both, days(3)),
        every(1, { ...FROM_THURSDAY, ...both }, days(1)),
      ]);
      const streams = [
        ...stream('s1', '2024-11-12T10:00:00', 2),
        ...stream('s2', '2024-11-15T10:00:00', 2),
      ];
      granter.take(streams, timeMs(SATURDAY));
      expect(kept(granter)).toBe(20n);
      granter.take([fall], timeMs(SATURDAY));
      expect(kept(granter)).toBe(10n);
    },
  );
});

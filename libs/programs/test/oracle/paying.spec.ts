import type { ActivityEvent } from '@app/contracts';
import type { Goal, Payout, Program } from '../../src/program.js';
import { timeMs } from '../activity.js';
import { covers } from './covers.js';
import { expectedTotals } from './expected-totals.js';
import {
  DAY_MS,
  example,
  fixed,
  happened,
  paid,
  refunded,
  reward,
  span,
  totals,
  TWO_TIERS,
} from './examples.js';

describe('what is paid', () => {
  function ordersOf(count: number): ActivityEvent[] {
    return Array.from({ length: count }, (_, i) =>
      paid(`o${i}`, `2024-11-11T10:00:0${i}`, 1),
    );
  }
  function paysFor(count: number, payout: Payout): number | undefined {
    return totals(example({ payout }), ordersOf(count))['day:2024-11-11'];
  }

  it.each([
    [0, undefined, undefined],
    [1, 100, 100],
    [2, 100, 100],
    [3, 1_100, 1_000],
    [9, 1_100, 1_000],
  ])(
    'for %i orders, by tiers that add up and by the highest tier',
    (count, added, highest) => {
      expect(paysFor(count, { kind: 'tiers', tiers: TWO_TIERS })).toBe(added);
      expect(paysFor(count, { kind: 'highest_tier', tiers: TWO_TIERS })).toBe(
        highest,
      );
    },
  );

  it('both tiers that one event reaches', () => {
    const payout: Payout = { kind: 'tiers', tiers: TWO_TIERS };
    const program = example({ metric: 'gmvMinor', payout });
    const one = paid('o1', '2024-11-11T10:00:00', 3);
    expect(totals(program, [one])).toEqual({ 'day:2024-11-11': 1_100 });
  });

  it('goes back with a refund below a tier', () => {
    const payout: Payout = { kind: 'tiers', tiers: TWO_TIERS };
    const back = refunded('o1', '2024-12-11T10:00:00', 1);
    expect(totals(example({ payout }), [...ordersOf(3), back])).toEqual({
      'day:2024-11-11': 100,
    });
  });

  it.each([
    [1, undefined],
    [2, 5],
    [3, 5],
    [5, 10],
    [6, 10],
  ])('for every two of %i orders, twice at most', (count, expected) => {
    expect(
      paysFor(count, {
        kind: 'every',
        every: 2n,
        times: 2n,
        rewards: [fixed(5n)],
      }),
    ).toBe(expected);
  });

  it.each([
    // 0.5, 1.5, 2.5: halves go to the even neighbour.
    [50, null, undefined],
    [150, null, 2],
    [250, null, 2],
    // 1.49 and 2.51
    [149, null, 1],
    [251, null, 3],
    [251, 2n, 2],
  ])('for a hundredth of %i fen, at most %s', (fen, atMost, expected) => {
    const payout: Payout = {
      kind: 'rate',
      basisPoints: 100n,
      unit: 'ANY_IMP',
      atMost,
      expiry: null,
    };
    const program = example({ metric: 'gmvMinor', payout, settlesAfterMs: 0 });
    const sold = paid('o1', '2024-11-11T10:00:00', fen);
    expect(totals(program, [sold])['day:2024-11-11']).toBe(expected);
  });

  it('as it is drawn, each merchant and each place apart', () => {
    const draw = { kind: 'draw', from: 10n, to: 100n } as const;
    const tiers = [
      { tier: 'first', at: 1n, rewards: [reward(draw), reward(draw, 'CNY')] },
    ];
    const program = example({ payout: { kind: 'tiers', tiers } });
    const another = happened(
      'order.paid',
      '2024-11-11T10:00:00',
      { orderId: 'o1', amountMinor: 1, channel: 'live' },
      'm2',
    );
    // printf 'example\nday:2024-11-11\nm1\ngoal\nfirst\n0\n' | sha256sum
    expect(totals(program, [...ordersOf(1), another])).toEqual({
      'day:2024-11-11': 76,
      'day:2024-11-11 CNY': 27,
      'm2 day:2024-11-11': 49,
      'm2 day:2024-11-11 CNY': 21,
    });
  });

  it.each([
    [10n, 10],
    [1_999_999n, 1_999_999],
  ])('as a share of a pool of a million: %i millionths', (parts, expected) => {
    const share = { kind: 'pool_share', partsPerMillion: parts } as const;
    const tiers = [{ tier: 'first', at: 1n, rewards: [reward(share)] }];
    expect(paysFor(1, { kind: 'tiers', tiers })).toBe(expected);
  });

  it.each([
    [1_500_000n, 1],
    [999n, 1],
    [2_000_000n, 2],
  ])(
    'as a millionth of a pool of %i, rounded down, at least 1',
    (pool, part) => {
      const share = { kind: 'pool_share', partsPerMillion: 1n } as const;
      const tiers = [{ tier: 'first', at: 1n, rewards: [reward(share)] }];
      const program = example(
        { payout: { kind: 'tiers', tiers } },
        { pools: { ANY_IMP: pool } },
      );
      expect(totals(program, ordersOf(1))).toEqual({ 'day:2024-11-11': part });
    },
  );
});

describe('settling', () => {
  const order = paid('o1', '2024-11-11T10:00:00', 1);

  it.each([
    ['day', '2024-11-13T00:00:00'],
    ['week', '2024-11-17T12:00:00'],
    ['month', '2024-11-17T12:00:00'],
    ['window', '2024-11-17T12:00:00'],
    ['session', '2024-11-17T12:00:00'],
  ] as const)('a day after the %s, at %s', (period, time) => {
    const window = span('2024-11-01T00:00:00', '2024-11-16T12:00:00');
    const program = example({ period, settlesAfterMs: DAY_MS }, { window });
    const sold = paid('o1', '2024-11-11T10:00:00', 1, { sessionId: 's1' });
    const before = new Date(timeMs(time) - 1).toISOString();
    expect(totals(program, [sold], { endTime: before })).toEqual({});
    expect(Object.values(totals(program, [sold], { endTime: time }))).toEqual([
      1,
    ]);
  });

  it('pays who is eligible then', () => {
    const program = example(
      { settlesAfterMs: DAY_MS },
      {
        eligible: {
          expression: 'now - merchant.registeredAt < duration("48h")',
          holds: ({ registeredAtMs }, atMs) =>
            registeredAtMs !== null && atMs - registeredAtMs < 2 * DAY_MS,
        },
      },
    );
    const registered = (time: string) =>
      happened('merchant.registered', time, { category: 'food', followers: 0 });
    expect(totals(program, [order])).toEqual({});
    expect(totals(program, [order, registered('2024-11-11T00:00:00')])).toEqual(
      {},
    );
    expect(totals(program, [order, registered('2024-11-11T00:00:01')])).toEqual(
      { 'day:2024-11-11': 1 },
    );
  });
});

describe('eligibility at once', () => {
  it('comes with registering, for what was reached before', () => {
    const eligible = {
      expression: 'merchant.category == "food"',
      holds: ({ category }: { category: string | null }) => category === 'food',
    };
    const order = paid('o1', '2024-11-11T10:00:00', 1);
    const program = example({}, { eligible });
    expect(totals(program, [order])).toEqual({});
    for (const [category, expected] of [
      ['toys', {}],
      ['food', { 'day:2024-11-11': 1 }],
    ] as const) {
      const registered = happened(
        'merchant.registered',
        '2024-11-12T10:00:00',
        { category, followers: 0 },
      );
      expect(totals(program, [order, registered])).toEqual(expected);
    }
  });
});

describe('versions', () => {
  const all = [
    paid('o1', '2024-11-11T10:00:00', 1),
    paid('o2', '2024-11-11T12:00:00', 1),
    paid('o3', '2024-11-11T13:00:00', 1),
  ];
  const payout: Payout = { kind: 'tiers', tiers: TWO_TIERS };
  const second = {
    version: 2,
    startsAtMs: timeMs('2024-11-11T12:00:00'),
  } as const;

  it('that carry over go on with what was reached', () => {
    const versions = [example({ payout }), example({ payout }, second)];
    expect(totals(versions, all)).toEqual({ 'day:2024-11-11': 1_100 });
  });

  it('that start anew count what is from their start on', () => {
    const progress = 'starts_anew';
    const versions = [
      example({ payout }),
      example({}, { ...second, progress }),
    ];
    expect(totals(versions, all)).toEqual({
      'day:2024-11-11': 100,
      'example@2 day:2024-11-11': 2,
    });
  });

  it('count nothing before the first of them starts', () => {
    expect(totals(example({}, second), all)).toEqual({
      'example@2 day:2024-11-11': 2,
    });
  });
});

describe('what the oracle covers', () => {
  function isCovered(
    goal: Partial<Goal>,
    changes: Partial<Program> = {},
    onlyRises = false,
  ): boolean {
    const program = example(goal, changes);
    return covers([program], program, program.goals[0]!, { onlyRises });
  }
  const takeBack = {
    refunds: 'never',
    flags: 'difference',
    flaggedFrom: 'flag',
  } as const;

  it('what settles, and what takes the difference back', () => {
    expect(isCovered({})).toBe(true);
    expect(isCovered({ settlesAfterMs: 0 }, { takeBack })).toBe(true);
    expect(isCovered({}, { takeBack })).toBe(false);
  });

  it('what keeps what it paid at once, where nothing falls', () => {
    expect(isCovered({}, { takeBack }, true)).toBe(true);
  });

  it('what a lifetime has brought, paid at once in a window, where nothing falls', () => {
    const window = span('2024-11-11T00:00:00', '2024-11-12T00:00:00');
    const lifetime = { period: 'lifetime' } as const;
    expect(isCovered(lifetime)).toBe(true);
    expect(isCovered(lifetime, { window })).toBe(false);
    expect(isCovered(lifetime, { window }, true)).toBe(true);
    const all = ['10', '11', '12'].map((day) =>
      paid(`o${day}`, `2024-11-${day}T10:00:00`, 1),
    );
    const of = (events: ActivityEvent[]) =>
      expectedTotals([example(lifetime, { window })], events, {
        endMs: 0,
        onlyRises: true,
      });
    // The day before counts with the day in the window, and not without it.
    expect(Array.from(of(all).values())).toEqual([2n]);
    expect(of([all[0]!, all[2]!])).toEqual(new Map());
  });

  it('no highest tier at once that pays less of something than a lower one', () => {
    const tiers = [TWO_TIERS[0]!, { ...TWO_TIERS[1]!, rewards: [fixed(99n)] }];
    const payout: Payout = { kind: 'highest_tier', tiers };
    expect(isCovered({ payout })).toBe(false);
    expect(isCovered({ payout, settlesAfterMs: 0 })).toBe(true);
  });

  it('no caps, and no eligibility at once that comes and goes', () => {
    const cap = { unit: 'ANY_IMP', amount: 1n, period: 'day' } as const;
    expect(isCovered({}, { caps: [cap] })).toBe(false);
    const eligible = {
      expression: 'merchant.followers > 1',
      holds: ({ followers }: { followers: bigint }) => followers > 1n,
    };
    expect(isCovered({}, { eligible })).toBe(false);
    expect(isCovered({ settlesAfterMs: 0 }, { eligible })).toBe(true);
  });

  it('what versions count alike where one goes on with the other', () => {
    const first = example();
    const other = example({ payout: { kind: 'tiers', tiers: TWO_TIERS } });
    for (const [after, expected] of [
      [first, true],
      [other, false],
    ] as const) {
      const versions = [first, { ...after, version: 2, startsAtMs: 0 }];
      expect(covers(versions, first, first.goals[0]!)).toBe(expected);
    }
  });
});

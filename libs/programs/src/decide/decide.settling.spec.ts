import { paid, refunded, registered, timeMs } from '../../test/activity.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { every, reward } from '../../test/ladders.js';

const SETTLES = timeMs('2024-11-21T00:00:00');
const ORDERS = [
  paid('o1', '2024-11-11T10:00:00', 1),
  paid('o2', '2024-11-17T10:00:00', 1),
];

/** Three days after a week's end. */
function settling(program: object = {}, goal: object = {}) {
  return new GranterInMemory([
    every(1, program, { settlesAfterDays: 3, ...goal }),
  ]);
}

describe('a goal that settles', () => {
  it('pays by the clock alone, where no event comes', () => {
    const granter = settling().take(ORDERS, ORDERS[1]!.occurredAtMs);
    expect(granter.nextDueMs).toBe(SETTLES);
    expect(granter.at(SETTLES - 1).grants()).toEqual([]);
    expect(granter.at(SETTLES).grants()).toEqual(['every: 20 ANY_IMP']);
    expect(granter.drafts[0]).toMatchObject({
      occurredAtMs: SETTLES,
      cause: { settledAt: '2024-11-20T16:00:00.000Z', events: [], value: 2 },
    });
    expect(granter.lots[0]?.expiresAtMs).toBe(timeMs('2024-11-28T00:00:00'));
  });

  it('is due no longer where its program was taken away', () => {
    const granter = settling().take(ORDERS, ORDERS[1]!.occurredAtMs);
    granter.programs = [];
    granter.at(Number.MAX_SAFE_INTEGER);
    expect(granter.nextDueMs).toBe(Infinity);
    expect(granter.drafts).toEqual([]);
  });

  it('settles once, however often the clock is asked', () => {
    const granter = settling().take(ORDERS, ORDERS[1]!.occurredAtMs);
    granter.at(SETTLES).at(SETTLES).at(timeMs('2025-11-21T00:00:00'));
    expect(granter.grants()).toEqual(['every: 20 ANY_IMP']);
    expect(granter.nextDueMs).toBe(Infinity);
  });

  it('settles at its own time, also where the clock is asked long after', () => {
    const granter = settling().take(ORDERS, ORDERS[1]!.occurredAtMs);
    granter.at(timeMs('2025-11-21T00:00:00'));
    expect(granter.drafts[0]?.occurredAtMs).toBe(SETTLES);
  });

  it('settles before what comes with the same tick of the clock, which is late', () => {
    const granter = settling().take(ORDERS, ORDERS[1]!.occurredAtMs);
    granter.take([paid('o3', '2024-11-12T10:00:00', 1)], SETTLES);
    expect(granter.grants()).toEqual(['every: 20 ANY_IMP']);
  });

  it('takes in what was refunded before, and takes back what is refunded after', () => {
    const granter = settling({ takeBack: { refunds: 'difference' } });
    granter.take(ORDERS, ORDERS[1]!.occurredAtMs);
    granter.take([refunded('o1', '2024-11-18T10:00:00', 1)], SETTLES - 1);
    granter.take([refunded('o2', '2024-11-22T10:00:00', 1)], SETTLES + 1);
    expect(granter.grants()).toEqual([
      'every: 10 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
  });

  it('pays nothing again that was taken back after it settled', () => {
    const granter = settling({ takeBack: { refunds: 'difference' } });
    granter.take(ORDERS, ORDERS[1]!.occurredAtMs).at(SETTLES);
    granter.take([refunded('o2', '2024-11-22T10:00:00', 1)], SETTLES + 1);
    granter.take([paid('o2', '2024-11-22T11:00:00', 5)], SETTLES + 2);
    expect(granter.grants()).toEqual([
      'every: 20 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
  });

  it('pays who is eligible when it settles', () => {
    const eligible = 'merchant.isRegistered';
    const late = settling({ eligible })
      .take(ORDERS, SETTLES - 1)
      .at(SETTLES);
    late.take([registered('2024-11-12T10:00:00')], SETTLES + 1);
    expect(late.grants()).toEqual([]);
    const granter = settling({ eligible }).take(ORDERS, SETTLES - 2);
    granter.take([registered('2024-11-20T10:00:00')], SETTLES - 1);
    expect(granter.grants()).toEqual([]);
    expect(granter.at(SETTLES).grants()).toEqual(['every: 20 ANY_IMP']);
  });

  it('settles periods that are due together in the order of merchants and periods', () => {
    const other = paid('o9', '2024-11-04T10:00:00', 1, { merchantId: 'm0' });
    const granter = settling().take(
      [paid('o3', '2024-11-04T10:00:00', 1), ...ORDERS, other],
      timeMs('2024-11-05T00:00:00'),
    );
    granter.at(SETTLES);
    expect(
      granter.drafts.map(({ merchantId, cause }) => [
        merchantId,
        'period' in cause && cause.period,
      ]),
    ).toEqual([
      ['m0', 'week:2024-11-04'],
      ['m1', 'week:2024-11-04'],
      ['m1', 'week:2024-11-11'],
    ]);
  });

  it.each([
    // 0.5, 1.5, 2.5 and 2.51.
    [50, []],
    [150, ['rate: 2 CNY']],
    [250, ['rate: 2 CNY']],
    [251, ['rate: 3 CNY']],
  ])('rounds a rate of %i fen once, half to even: %j', (fen, expected) => {
    const granter = settling(
      {},
      {
        metric: 'gmvMinor',
        every: undefined,
        rate: { basisPoints: 100, unit: 'CNY' },
      },
    );
    const half = Math.floor(fen / 2);
    granter.take(
      [
        paid('o1', '2024-11-11T10:00:00', half),
        paid('o2', '2024-11-12T10:00:00', fen - half),
      ],
      SETTLES - 1,
    );
    expect(granter.at(SETTLES).grants()).toEqual(expected);
  });

  it('over sessions settles after the window', () => {
    const window = {
      from: '2024-11-01T00:00:00+08:00',
      until: '2024-11-12T00:00:00+08:00',
    };
    const granter = settling(
      { window },
      { period: 'session', every: { count: 1, rewards: [reward(10)] } },
    ).take([paid('o1', '2024-11-02T10:00:00', 1, { sessionId: 's1' })], 0);
    expect(granter.nextDueMs).toBe(timeMs('2024-11-15T00:00:00'));
  });
});

import { paid, paidTimes, refunded, stream, timeMs } from '../activity.js';
import { GranterInMemory } from '../granter-in-memory.js';
import { lived } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('livestream-incentive');
const LIVE = { channel: 'live' } as const;

describe('the livestream incentive', () => {
  it('pays for 2, 10 and 25 hours on air of a week, 42,000 LIVE_IMP in all', () => {
    const two = stream('s1', '2026-11-02T10:00:00', 2);
    const ten = stream('s2', '2026-11-03T10:00:00', 8);
    const more = stream('s3', '2026-11-05T08:00:00', 15);
    const nextWeek = stream('s4', '2026-11-09T10:00:00', 1.9);
    expect(lived(PROGRAM, [two, ten, more, nextWeek].flat()).grants()).toEqual([
      '2-hours: 2000 LIVE_IMP',
      '10-hours: 10000 LIVE_IMP',
      '25-hours: 30000 LIVE_IMP',
    ]);
  });

  it('divides a stream over Sunday midnight between the weeks', () => {
    const granter = lived(PROGRAM, stream('s1', '2026-11-08T22:00:00', 4));
    expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
      { tier: '2-hours', period: 'week:2026-11-02', value: 7_200 },
      { tier: '2-hours', period: 'week:2026-11-09', value: 7_200 },
    ]);
  });

  it('pays for 5 orders of a week in live rooms, and for none of elsewhere', () => {
    const shelf = paidTimes(9, '2026-11-02T08:00:00');
    const four = paidTimes(4, '2026-11-02T10:00:00', LIVE);
    const fifth = paid('o5', '2026-11-08T23:59:59', 1, LIVE);
    expect(lived(PROGRAM, [...shelf, ...four]).grants()).toEqual([]);
    expect(lived(PROGRAM, [...shelf, ...four, fifth]).grants()).toEqual([
      '5-orders: 3000 LIVE_IMP',
    ]);
  });

  it('takes the 3,000 back where one of five is returned, and pays them again for another', () => {
    const five = paidTimes(5, '2026-11-02T10:00:00', LIVE);
    const orderId = 'order at 2026-11-02T02:00:00.000Z';
    const back = refunded(orderId, '2026-11-04T10:00:00', 1);
    const sixth = paid('o6', '2026-11-05T10:00:00', 1, LIVE);
    expect(lived(PROGRAM, [...five, back, sixth]).grants()).toEqual([
      '5-orders: 3000 LIVE_IMP',
      'weekly-live-orders: -3000 LIVE_IMP',
      '5-orders: 3000 LIVE_IMP',
    ]);
  });

  it('pays what the highest tier of sales is more than the one below', () => {
    const orders = [
      paid('o1', '2026-10-01T00:00:00', 99_999, LIVE),
      paid('o2', '2026-10-20T10:00:00', 1, LIVE),
      paid('o3', '2026-11-11T10:00:00', 4_900_000, LIVE),
      paid('o4', '2026-12-31T23:59:59', 45_000_000, LIVE),
    ];
    expect(lived(PROGRAM, orders).grants()).toEqual([
      'gmv-1000: 5000 LIVE_IMP',
      'gmv-50000: 95000 LIVE_IMP',
      'gmv-500000: 900000 LIVE_IMP',
    ]);
    expect(lived(PROGRAM, orders).lots).toMatchObject(
      Array(3).fill({ expiresAtMs: timeMs('2027-02-01T00:00:00') }),
    );
  });

  it('leaves of 1,000,000 for one order the 5,000 that are deserved after a refund', () => {
    const order = paid('o1', '2026-11-11T10:00:00', 50_000_000, LIVE);
    const back = refunded('o1', '2027-01-20T10:00:00', 45_000_001);
    expect(lived(PROGRAM, [order, back]).grants()).toEqual([
      'gmv-500000: 1000000 LIVE_IMP',
      'festival-live-gmv: -995000 LIVE_IMP',
    ]);
  });

  it.each(['2026-09-30T23:59:59.999', '2027-01-01T00:00:00'])(
    'counts nothing at %s, outside of the festival',
    (time) => {
      expect(
        lived(PROGRAM, [paid('o1', time, 50_000_000, LIVE)]).grants(),
      ).toEqual([]);
    },
  );

  it.each([
    ['2026-11-11T23:59:59.999', 1],
    ['2026-11-12T00:00:00', 0],
  ])(
    'hears of an order of a week until 72 hours after it: at %s, %i',
    (heard, times) => {
      const granter = new GranterInMemory([PROGRAM]);
      granter.take(paidTimes(4, '2026-11-02T10:00:00', LIVE));
      granter.take([paid('o5', '2026-11-08T10:00:00', 1, LIVE)], timeMs(heard));
      expect(granter.grants()).toHaveLength(times);
    },
  );
});

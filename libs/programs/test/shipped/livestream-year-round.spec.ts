import type { ActivityEvent } from '@app/contracts';
import {
  flagged,
  gained,
  paid,
  refunded,
  started,
  stream,
} from '../activity.js';
import { lived, livedUntil } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('livestream-year-round');
const LIVE = { channel: 'live' } as const;

/** Not the first, which is paid by itself. */
const FIRST = started('s0', '2026-01-01T10:00:00');
const FIRST_PAID = ['streamed: 5000 LIVE_IMP', 'streamed: 500 CNY'];

/** A stream of so many hours on each of so many days of a month. */
function daily(month: string, days: number, hours: number): ActivityEvent[] {
  return Array.from({ length: days }, (_, i) => {
    const day = `${month}-${String(i + 1).padStart(2, '0')}`;
    return stream(`live of ${day}`, `${day}T10:00:00`, hours);
  }).flat();
}

describe('the year-round livestream incentive', () => {
  it('pays 5,000 LIVE_IMP and 5 yuan for a first stream, and no more for a second', () => {
    const second = started('s1', '2026-06-01T10:00:00');
    expect(lived(PROGRAM, [FIRST, second]).grants()).toEqual(FIRST_PAID);
  });

  it('pays for 3 days in a row and for all 7 of a week, an hour each', () => {
    // 1 June 2026 is a Monday.
    const [three, seven] = [3, 7].map((days) => daily('2026-06', days, 1));
    expect(lived(PROGRAM, [FIRST, ...three!]).grants()).toEqual([
      ...FIRST_PAID,
      '3-days: 6000 LIVE_IMP',
    ]);
    expect(lived(PROGRAM, [FIRST, ...seven!]).grants()).toEqual([
      ...FIRST_PAID,
      '3-days: 6000 LIVE_IMP',
      '7-days: 20000 LIVE_IMP',
    ]);
  });

  it('does not pay for 3 days with one between them, nor for 59 minutes a day', () => {
    const apart = ['01', '03', '05'].flatMap((day) =>
      stream(`live of ${day}`, `2026-06-${day}T10:00:00`, 1),
    );
    const short = daily('2026-06', 7, 59 / 60);
    expect(lived(PROGRAM, [FIRST, ...apart]).grants()).toEqual(FIRST_PAID);
    expect(lived(PROGRAM, [FIRST, ...short]).grants()).toEqual(FIRST_PAID);
  });

  it('pays for 10 and 20 days of two hours in a month', () => {
    const granter = lived(PROGRAM, [FIRST, ...daily('2026-06', 21, 2)]);
    const monthly = granter.drafts.filter(
      ({ cause }) =>
        cause.type === 'goal_reached' && cause.goal === 'days-on-air',
    );
    expect(
      monthly.map(({ occurredAtMs, postings, cause }) => [
        new Date(occurredAtMs).toISOString(),
        postings[1]!.amount,
        postings[1]!.unit,
        cause.type === 'goal_reached' && cause.tier,
      ]),
    ).toEqual([
      ['2026-06-10T04:00:00.000Z', 30_000n, 'LIVE_IMP', '10-days'],
      ['2026-06-20T04:00:00.000Z', 60_000n, 'LIVE_IMP', '20-days'],
      ['2026-06-20T04:00:00.000Z', 5_000n, 'CNY', '20-days'],
    ]);
  });

  const sold = paid('o1', '2026-11-11T10:00:00', 1_000_000, LIVE);

  it('pays a sales target of November on 8 December, and not before', () => {
    expect(livedUntil('2026-12-07T23:59:59.999', PROGRAM, [sold])).toEqual([]);
    expect(livedUntil('2026-12-08T00:00:00', PROGRAM, [sold])).toEqual([
      'gmv-10000: 2000 CNY',
    ]);
  });

  it('pays the highest target alone: 150 yuan for 100,000', () => {
    const more = paid('o2', '2026-11-12T10:00:00', 9_000_000, LIVE);
    expect(livedUntil('2026-12-08T00:00:00', PROGRAM, [sold, more])).toEqual([
      'gmv-100000: 15000 CNY',
    ]);
  });

  it('takes refunds into account until it pays, and none from then on', () => {
    const before = refunded('o1', '2026-12-07T10:00:00', 1);
    const after = refunded('o1', '2026-12-08T10:00:00', 1);
    const until = '2027-01-01T00:00:00';
    expect(livedUntil(until, PROGRAM, [sold, before])).toEqual([]);
    expect(livedUntil(until, PROGRAM, [sold, after])).toEqual([
      'gmv-10000: 2000 CNY',
    ]);
  });

  it('pays 1,000 for every 50 followers from live rooms, 40 times a week', () => {
    const grants = (...counts: number[]) =>
      lived(
        PROGRAM,
        counts.map((count, i) => gained(count, `2026-06-0${i + 1}T10:00:00`)),
      ).grants();
    expect(grants(49)).toEqual([]);
    expect(grants(49, 1, 49)).toEqual(['every: 1000 LIVE_IMP']);
    expect(grants(120)).toEqual(['every: 2000 LIVE_IMP']);
    expect(grants(120, 99_000)).toEqual([
      'every: 2000 LIVE_IMP',
      'every: 38000 LIVE_IMP',
    ]);
    expect(
      lived(PROGRAM, [gained(50, '2026-06-01T10:00:00', 'shelf')]).grants(),
    ).toEqual([]);
  });

  it('pays 200 yuan a month at most, and says where that cut a grant', () => {
    const granter = lived(PROGRAM, [
      paid('o1', '2026-11-11T10:00:00', 10_000_000, LIVE),
      ...daily('2026-12', 20, 2),
    ]);
    const cash = granter.drafts.filter(({ postings }) =>
      postings.some(({ unit }) => unit === 'CNY'),
    );
    expect(cash.map(({ postings }) => postings[1]!.amount)).toEqual([
      500n,
      15_000n,
      4_500n,
    ]);
    expect(cash.at(-1)?.cause).toMatchObject({
      tier: '20-days',
      promised: 5_000,
      capped: true,
      poolRanDry: false,
    });
  });

  it('pays nobody who is flagged', () => {
    const flag = flagged('merchant', 'm1', '2025-12-31T00:00:00');
    expect(lived(PROGRAM, [flag, FIRST]).grants()).toEqual([]);
  });
});

import type { ActivityEvent } from '@app/contracts';
import {
  flagged,
  gained,
  happened,
  paid,
  refunded,
  registered,
  stream,
} from '../activity.js';
import { lived, livedUntil } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('doujin-plan');

function listed(productId: string, time: string): ActivityEvent {
  return happened('product.listed', time, { productId });
}

function spent(amountMinor: number, time: string): ActivityEvent {
  return happened('ads.spent', time, { amountMinor });
}

describe('the Doujin plan', () => {
  it('counts hours by stage, and divides a stream over the turn of two', () => {
    const events = [
      ...stream('s1', '2026-10-18T10:00:00', 3),
      ...stream('s2', '2026-10-19T22:00:00', 4),
      ...stream('s3', '2026-10-21T10:00:00', 3),
    ];
    const granter = lived(PROGRAM, events);
    expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
      { tier: '5-hours', period: 'stage:warm-up', value: 18_000 },
      { tier: '5-hours', period: 'stage:double-11', value: 18_000 },
    ]);
    expect(granter.grants()).toEqual(Array(2).fill('5-hours: 8000 LIVE_IMP'));
  });

  it('pays for 5 days of an hour in a stage', () => {
    const days = ['12', '14', '16', '18', '20'].flatMap((day) =>
      stream(`live of ${day}`, `2026-11-${day}T10:00:00`, 1),
    );
    expect(lived(PROGRAM, days).grants()).toEqual([
      '5-hours: 8000 LIVE_IMP',
      '5-days: 10000 LIVE_IMP',
    ]);
    expect(lived(PROGRAM, days.slice(0, -2)).grants()).toEqual([]);
  });

  it('pays followers of live rooms and of videos in the impressions of each', () => {
    const events = [
      gained(19, '2026-11-01T10:00:00'),
      gained(41, '2026-11-01T11:00:00'),
      gained(20, '2026-11-01T12:00:00', 'short_video'),
      gained(99, '2026-11-01T13:00:00', 'shelf'),
    ];
    expect(lived(PROGRAM, events).grants()).toEqual([
      'every: 1800 LIVE_IMP',
      'every: 600 VIDEO_IMP',
    ]);
  });

  it('pays for every three shoppable videos', () => {
    const videos = [1, 2, 3, 4].map((i) =>
      happened('video.published', `2026-11-0${i}T10:00:00`, {
        videoId: `v${i}`,
        shoppable: true,
      }),
    );
    expect(lived(PROGRAM, videos).grants()).toEqual(['every: 1500 VIDEO_IMP']);
  });

  it('counts products listed so far, also before the season, and pays within it', () => {
    const before = [
      listed('p1', '2026-09-01T10:00:00'),
      listed('p2', '2026-09-02T10:00:00'),
      listed('p3', '2026-09-03T10:00:00'),
    ];
    expect(lived(PROGRAM, before).grants()).toEqual([]);
    const again = listed('p1', '2026-10-01T10:00:00');
    expect(lived(PROGRAM, [...before, again]).grants()).toEqual([]);
    const fourth = listed('p4', '2026-10-02T10:00:00');
    expect(lived(PROGRAM, [...before, fourth]).grants()).toEqual([
      '3-products: 2000 VIDEO_IMP',
    ]);
  });

  it.each([
    // 0.5, 1.5 and 2.5 fen: halves go to the even neighbour.
    [100, []],
    [300, ['rate: 2 CNY']],
    [500, ['rate: 2 CNY']],
    [12_345_600, ['rate: 61728 CNY']],
    [99_999_999, ['rate: 100000 CNY']],
  ])('gives half a percent of %i fen back: %j', (amountMinor, expected) => {
    const order = paid('o1', '2026-10-19T23:59:59', amountMinor);
    expect(livedUntil('2026-11-03T23:59:59', PROGRAM, [order])).toEqual([]);
    expect(livedUntil('2026-11-04T00:00:00', PROGRAM, [order])).toEqual(
      expected,
    );
  });

  it('rebates what was not returned by then, and takes back its part of what is returned later', () => {
    const events = [
      paid('o1', '2026-10-10T10:00:00', 20_000),
      refunded('o1', '2026-11-03T10:00:00', 10_000),
      refunded('o1', '2026-11-20T10:00:00', 5_000),
    ];
    const granter = lived(PROGRAM, events);
    expect(granter.grants()).toEqual(['rate: 50 CNY', 'gmv-rebate: -25 CNY']);
    expect(granter.drafts[0]?.cause).toMatchObject({
      settledAt: '2026-11-03T16:00:00.000Z',
      value: 10_000,
      events: [],
    });
  });

  it('pays 2,000 yuan in cash at most, over all stages', () => {
    const orders = ['10-10', '11-01', '12-01'].map((day) =>
      paid(`o ${day}`, `2026-${day}T10:00:00`, 20_000_000),
    );
    const granter = lived(PROGRAM, orders).at(Date.parse('2027-02-01'));
    expect(granter.grants()).toEqual(Array(2).fill('rate: 100000 CNY'));
    expect(granter.unpaid).toMatchObject([
      { period: 'stage:year-end', promised: 100_000n, because: 'capped' },
    ]);
  });

  it.each([
    // 1.5 and 4.5 impressions.
    [5, ['rate: 2 LIVE_IMP']],
    [15, ['rate: 4 LIVE_IMP']],
    [10_001, ['rate: 3000 LIVE_IMP']],
    [2_000_000, ['rate: 300000 LIVE_IMP']],
  ])(
    'adds 30 impressions a yuan to a week’s spend of %i fen: %j',
    (fen, expected) => {
      const spend = spent(fen, '2026-11-08T23:59:59');
      expect(livedUntil('2026-11-11T23:59:59', PROGRAM, [spend])).toEqual([]);
      expect(livedUntil('2026-11-12T00:00:00', PROGRAM, [spend])).toEqual(
        expected,
      );
    },
  );

  it('is for merchants with less than 500,000 followers', () => {
    const big = registered('2026-10-01T00:00:00', { followers: 500_000 });
    expect(
      lived(PROGRAM, [big, gained(20, '2026-11-01T10:00:00')]).grants(),
    ).toEqual([]);
  });

  it('takes everything from a merchant who is flagged', () => {
    const granter = lived(PROGRAM, [
      paid('o1', '2026-10-10T10:00:00', 20_000),
      gained(20, '2026-10-11T10:00:00'),
      flagged('merchant', 'm1', '2026-11-20T10:00:00'),
      gained(20, '2026-11-21T10:00:00'),
    ]);
    expect(granter.grants()).toEqual([
      'every: 600 LIVE_IMP',
      'rate: 100 CNY',
      'gmv-rebate: -100 CNY',
      'live-followers: -600 LIVE_IMP',
    ]);
  });
});

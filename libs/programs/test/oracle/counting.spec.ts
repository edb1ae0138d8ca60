import {
  example,
  flagged,
  happened,
  HOUR_S,
  paid,
  refunded,
  span,
  started,
  stream,
  totals,
} from './examples.js';
import { expectedTotals } from './expected-totals.js';

describe('orders', () => {
  const lastDay = paid('o1', '2024-11-11T23:59:59', 100);
  const nextDay = paid('o2', '2024-11-12T00:00:00', 50);

  it('count by the local day of their first payment', () => {
    expect(totals(example(), [lastDay, nextDay])).toEqual({
      'day:2024-11-11': 1,
      'day:2024-11-12': 1,
    });
    expect(
      totals(example({}, { timeZone: 'Europe/Berlin' }), [lastDay, nextDay]),
    ).toEqual({ 'day:2024-11-11': 2 });
  });

  it.each([
    ['week', { 'week:2024-11-11': 2 }],
    ['month', { 'month:2024-11': 2 }],
    ['lifetime', { lifetime: 2 }],
  ] as const)('count by the %s', (period, expected) => {
    expect(totals(example({ period }), [lastDay, nextDay])).toEqual(expected);
  });

  it('move to the day of an earlier payment that comes to light, with all that was paid', () => {
    const more = paid('o2', '2024-11-11T10:00:00', 7);
    expect(totals(example(), [nextDay, more])).toEqual({ 'day:2024-11-11': 1 });
    expect(totals(example({ metric: 'gmvMinor' }), [nextDay, more])).toEqual({
      'day:2024-11-11': 57,
    });
  });

  it('count less what was refunded, whenever that was', () => {
    const before = refunded('o1', '2024-11-01T00:00:00', 60);
    const after = refunded('o1', '2024-12-24T00:00:00', 39);
    const rest = refunded('o1', '2024-12-24T00:00:00', 1);
    const gmv = example({ metric: 'gmvMinor' });
    expect(totals(gmv, [before, after, lastDay])).toEqual({
      'day:2024-11-11': 1,
    });
    expect(totals(example(), [before, after, lastDay])).toEqual({
      'day:2024-11-11': 1,
    });
    for (const program of [gmv, example()])
      expect(totals(program, [before, after, rest, lastDay])).toEqual({});
  });

  it('that are refunded count as returns, once, at the first refund', () => {
    const all = [
      refunded('o1', '2024-11-13T00:00:00', 1),
      refunded('o1', '2024-11-12T00:00:00', 1),
      lastDay,
      nextDay,
    ];
    expect(totals(example({ metric: 'returns' }), all)).toEqual({
      'day:2024-11-12': 1,
    });
  });

  it('are returns also where their payment never came', () => {
    const back = refunded('lost', '2024-11-12T00:00:00', 1);
    expect(totals(example({ metric: 'returns' }), [back])).toEqual({
      'day:2024-11-12': 1,
    });
  });

  it('of a session count in it, those of none do not; channels choose', () => {
    const all = [
      paid('o3', '2024-11-11T10:00:00', 1, { sessionId: 's1' }),
      paid('o4', '2024-11-12T10:00:00', 2, {
        sessionId: 's1',
        channel: 'live',
      }),
      lastDay,
    ];
    const gmv = { metric: 'gmvMinor', period: 'session' } as const;
    expect(totals(example(gmv), all)).toEqual({ 'session:s1': 3 });
    expect(totals(example({ ...gmv, channels: ['live'] }), all)).toEqual({
      'session:s1': 2,
    });
  });

  it('count in the window, from its first moment up to its end', () => {
    const window = span('2024-11-11T23:59:59', '2024-11-12T00:00:00');
    expect(totals(example({}, { window }), [lastDay, nextDay])).toEqual({
      'day:2024-11-11': 1,
    });
  });

  it('count in the stage that they are in, if any', () => {
    const window = span('2024-11-01T00:00:00', '2024-12-01T00:00:00');
    const stages = [
      { stage: 'one', ...span('2024-11-11T00:00:00', '2024-11-12T00:00:00') },
      { stage: 'two', ...span('2024-11-13T00:00:00', '2024-11-14T00:00:00') },
    ];
    const program = example({ period: 'stage' }, { window, stages });
    expect(totals(program, [lastDay, nextDay])).toEqual({ 'stage:one': 1 });
  });

  it('of 2^53 - 1 fen each are summed to the last fen', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const all = [lastDay, nextDay].map(({ occurredAtMs }, i) =>
      paid(`big-${i}`, new Date(occurredAtMs).toISOString(), most),
    );
    const goal = { metric: 'gmvMinor', period: 'month' } as const;
    expect(
      Array.from(expectedTotals([example(goal)], all, { endMs: 0 }).values()),
    ).toEqual([2n ** 54n - 2n]);
  });
});

describe('streams', () => {
  const seconds = example({ metric: 'liveSeconds' });
  const overMidnight = stream('s1', '2024-11-11T22:30:00', 4);

  it('are split at midnight, where the program is', () => {
    expect(totals(seconds, overMidnight)).toEqual({
      'day:2024-11-11': 1.5 * HOUR_S,
      'day:2024-11-12': 2.5 * HOUR_S,
    });
    const inBerlin = { ...seconds, timeZone: 'Europe/Berlin' };
    expect(totals(inBerlin, overMidnight)).toEqual({
      'day:2024-11-11': 4 * HOUR_S,
    });
  });

  it('fill all 25 hours of the day on which clocks go back', () => {
    const long = stream('s1', '2024-10-26T12:00:00+02:00', 60);
    const inBerlin = { ...seconds, timeZone: 'Europe/Berlin' };
    expect(totals(inBerlin, long)).toEqual({
      'day:2024-10-26': 12 * HOUR_S,
      'day:2024-10-27': 25 * HOUR_S,
      'day:2024-10-28': 23 * HOUR_S,
    });
  });

  it('are cut at the edges of the window', () => {
    const window = span('2024-11-11T23:00:01', '2024-11-12T00:00:02');
    expect(totals({ ...seconds, window }, overMidnight)).toEqual({
      'day:2024-11-11': HOUR_S - 1,
      'day:2024-11-12': 2,
    });
  });

  it('of which the start was not heard of last until their end is told', () => {
    const [, ended] = overMidnight;
    expect(totals(seconds, [ended!])).toEqual(totals(seconds, overMidnight));
  });

  it('last as long as they say, from their start on, whenever their end is told', () => {
    const told = happened('live.ended', '2024-11-13T00:00:00', {
      sessionId: 's1',
      durationSeconds: 60,
    });
    expect(totals(seconds, [overMidnight[0]!, told])).toEqual({
      'day:2024-11-11': 60,
    });
  });

  it('do not count while their end is not known', () => {
    expect(totals(seconds, [overMidnight[0]!])).toEqual({});
  });

  const week = [
    ...stream('s1', '2024-11-11T10:00:00', 2),
    ...stream('s2', '2024-11-12T10:00:00', 1),
    // Not enough of Wednesday.
    ...stream('s3', '2024-11-13T10:00:00', 1.999),
    ...stream('s4', '2024-11-14T22:00:00', 4),
    ...stream('s5', '2024-11-16T00:00:00', 2),
    // What is missing on Tuesday.
    ...stream('s6', '2024-11-12T20:00:00', 1),
  ];
  const secondsADay = BigInt(2 * HOUR_S);

  it('make a day from so many seconds on, however many streams they are of', () => {
    const goal = { metric: 'liveDays', period: 'week', secondsADay } as const;
    expect(totals(example(goal), week)).toEqual({ 'week:2024-11-11': 5 });
  });

  it('make a streak of the longest run of such days', () => {
    const goal = {
      metric: 'liveDayStreak',
      period: 'week',
      secondsADay,
    } as const;
    expect(totals(example(goal), week)).toEqual({ 'week:2024-11-11': 3 });
    // A run goes on over the turn of the month where weeks count, and over that of the week where months do.
    const turn = ['2024-11-30', '2024-12-01', '2024-12-02'].flatMap((day, i) =>
      stream(`t${i}`, `${day}T10:00:00`, 2),
    );
    expect(totals(example(goal), turn)).toEqual({
      'week:2024-11-25': 2,
      'week:2024-12-02': 1,
    });
    expect(totals(example({ ...goal, period: 'month' }), turn)).toEqual({
      'month:2024-11': 1,
      'month:2024-12': 2,
    });
  });

  it('are first once: the earliest that is known, ended or not', () => {
    const first = example({ metric: 'firstStream', period: 'week' });
    const later = stream('s1', '2024-11-20T10:00:00', 1);
    const earlier = started('s2', '2024-11-12T10:00:00');
    expect(totals(first, [...later, earlier])).toEqual({
      'week:2024-11-11': 1,
    });
    // One of which only the end is known is not it.
    const [, ended] = stream('s3', '2024-11-04T10:00:00', 1);
    expect(totals(first, [...later, ended!])).toEqual({ 'week:2024-11-18': 1 });
    // One that was first before the window is none in it.
    const window = span('2024-11-18T00:00:00', '2024-12-18T00:00:00');
    expect(totals({ ...first, window }, [...later, earlier])).toEqual({});
  });
});

describe('what else is counted', () => {
  it('the first payment, refunded or not', () => {
    const all = [
      paid('o2', '2024-11-12T10:00:00', 1),
      paid('o1', '2024-11-11T10:00:00', 1),
      refunded('o1', '2024-11-11T11:00:00', 1),
    ];
    expect(totals(example({ metric: 'firstSale' }), all)).toEqual({
      'day:2024-11-11': 1,
    });
  });

  it('followers, by channel', () => {
    const all = (['live', 'shelf', 'live'] as const).map((channel, i) =>
      happened('follower.gained', '2024-11-11T10:00:00', {
        count: 10 ** i,
        channel,
      }),
    );
    expect(totals(example({ metric: 'followers' }), all)).toEqual({
      'day:2024-11-11': 111,
    });
    const live = example({ metric: 'followers', channels: ['live'] });
    expect(totals(live, all)).toEqual({ 'day:2024-11-11': 101 });
  });

  it('each video and each product once, where it first was', () => {
    const clip = { sessionId: 's1', kind: 'teaser' } as const;
    const all = [
      ...['2024-11-12T10:00:00', '2024-11-11T10:00:00'].flatMap((time) => [
        happened('video.published', time, { videoId: 'v1', shoppable: true }),
        happened('product.listed', time, { productId: 'p1' }),
      ]),
      happened('video.published', '2024-11-11T10:00:00', {
        videoId: 'v2',
        shoppable: true,
        clip,
      }),
      happened('product.listed', '2024-11-12T10:00:00', { productId: 'p2' }),
    ];
    expect(totals(example({ metric: 'shoppableVideos' }), all)).toEqual({
      'day:2024-11-11': 2,
    });
    expect(totals(example({ metric: 'clips' }), all)).toEqual({
      'day:2024-11-11': 1,
    });
    expect(totals(example({ metric: 'productsListed' }), all)).toEqual({
      'day:2024-11-11': 1,
      'day:2024-11-12': 1,
    });
  });

  it("the merchant's own money spent on ads", () => {
    const all = [5, 7].map((amountMinor) =>
      happened('ads.spent', '2024-11-11T10:00:00', { amountMinor }),
    );
    expect(totals(example({ metric: 'adsSpentMinor' }), all)).toEqual({
      'day:2024-11-11': 12,
    });
  });
});

describe('flags', () => {
  const live = { sessionId: 's1', channel: 'live' as const };
  const all = [
    paid('o1', '2024-11-11T10:00:00', 1, live),
    paid('o2', '2024-11-11T12:00:00', 10, live),
    paid('o3', '2024-11-11T13:00:00', 100),
  ];

  it.each([
    ['an order', flagged('order', 'o1', '2024-12-01T00:00:00'), 110, 110],
    ['a session', flagged('session', 's1', '2024-11-11T12:00:00'), 101, 100],
    ['a merchant', flagged('merchant', 'm1', '2024-11-11T12:00:00'), 1, 0],
  ])(
    'on %s stop it from counting, from the flag or from the start',
    (_, flag, fromFlag, fromStart) => {
      for (const [flaggedFrom, expected] of [
        ['flag', fromFlag],
        ['start', fromStart],
      ] as const) {
        const program = example({ metric: 'gmvMinor' });
        const takeBack = { ...program.takeBack, flaggedFrom };
        expect(totals({ ...program, takeBack }, [...all, flag])).toEqual(
          expected ? { 'day:2024-11-11': expected } : {},
        );
      }
    },
  );

  it('on the first order leave the merchant without a first sale', () => {
    const flag = flagged('order', 'o1', '2024-12-01T00:00:00');
    const program = example({ metric: 'firstSale' });
    expect(totals(program, all)).toEqual({ 'day:2024-11-11': 1 });
    expect(totals(program, [...all, flag])).toEqual({});
  });

  it('cut a stream short', () => {
    const flag = flagged('session', 's1', '2024-11-11T10:00:30');
    const streamed = [...stream('s1', '2024-11-11T10:00:00', 1), flag];
    const program = example({ metric: 'liveSeconds' });
    expect(totals(program, streamed)).toEqual({ 'day:2024-11-11': 30 });
  });

  it('on a merchant take back all that the program paid, where it says so', () => {
    const flag = flagged('merchant', 'm1', '2024-12-01T00:00:00');
    const program = example({ settlesAfterMs: 0 });
    const takeBack = { ...program.takeBack, flags: 'all' } as const;
    expect(totals({ ...program, takeBack }, [...all, flag])).toEqual({});
    expect(totals({ ...program, takeBack }, all)).toEqual({
      'day:2024-11-11': 3,
    });
  });
});

import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';
import {
  flagged,
  gained,
  happened,
  paid,
  refunded,
  registered,
  started,
  timeMs,
} from '../../test/activity.js';
import { anyActivity, shuffled } from '../../test/any-activity.js';
import {
  aboutOf,
  applyToSubject,
  contributionsOf,
  inOneWord,
  subjectKey,
  subjectOf,
  type SubjectRecord,
} from './subject.js';
import type { Contribution } from './contribution.js';

const TIME = '2024-11-11T10:00:00';

/** What each thing of each merchant contributes, after all that is known of it. */
function contributed(events: readonly ActivityEvent[]) {
  const records = new Map<string, SubjectRecord>();
  const contributions = new Map<string, readonly Contribution[]>();
  for (const event of events) {
    const name = subjectOf(event);
    if (name === null) continue;
    const key = subjectKey(event.merchantId, inOneWord(name));
    const record = applyToSubject(records.get(key), event);
    records.set(key, record);
    contributions.set(key, contributionsOf(name.kind, record));
  }
  return contributions;
}

function of(...events: ActivityEvent[]) {
  return [...contributed(events).values()]
    .flat()
    .map(({ metric, amount }) => [metric, amount]);
}

describe('what an event is about', () => {
  it.each([
    [paid('o1', TIME, 1), 'order:o1'],
    [refunded('o1', TIME, 1), 'order:o1'],
    [flagged('order', 'o1', TIME), 'order:o1'],
    [started('s1', TIME), 'session:s1'],
    [happened('product.listed', TIME, { productId: 'p1' }), 'product:p1'],
    [
      happened('video.published', TIME, { videoId: 'v1', shoppable: true }),
      'video:v1',
    ],
    [flagged('session', 's1', TIME), null],
    [flagged('merchant', 'm1', TIME), null],
    [registered(TIME), null],
    [gained(1, TIME), null],
  ])('is its order, session, video or product, if any (%#)', (event, about) => {
    expect(aboutOf(event)).toBe(about);
  });
});

describe('contributions', () => {
  it('are the same in whatever order events come', () => {
    const twice = anyActivity.chain((events) =>
      fc.tuple(fc.constant(events), shuffled(events)),
    );
    fc.assert(
      fc.property(twice, ([events, otherwise]) => {
        const sorted = (all: typeof events) =>
          [...contributed(all)].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(otherwise)).toEqual(sorted(events));
      }),
    );
  });

  it('never lower a metric below nothing', () => {
    fc.assert(
      fc.property(anyActivity, (events) => {
        for (const contributions of contributed(events).values())
          for (const { amount } of contributions)
            expect(amount).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('of an order are one order and what was paid less what was refunded', () => {
    const order = paid('o1', TIME, 500);
    expect(of(order)).toEqual([
      ['orders', 1],
      ['gmvMinor', 500],
    ]);
    expect(of(order, refunded('o1', TIME, 200))).toEqual([
      ['orders', 1],
      ['gmvMinor', 300],
      ['returns', 1],
    ]);
    expect(of(order, refunded('o1', TIME, 500))).toEqual([['returns', 1]]);
    expect(of(refunded('o1', TIME, 500))).toEqual([['returns', 1]]);
    expect(of(order, flagged('order', 'o1', TIME))).toEqual([]);
  });

  it('of an order paid in two are at the first payment, also where it comes last', () => {
    const first = paid('o1', TIME, 500, { channel: 'live' });
    const rest = paid('o1', '2024-11-12T10:00:00', 700);
    for (const events of [
      [first, rest],
      [rest, first],
    ])
      expect([...contributed(events).values()].flat()).toMatchObject([
        { amount: 1, atMs: timeMs(TIME), channel: 'live' },
        { amount: 1_200, atMs: timeMs(TIME), channel: 'live' },
      ]);
  });

  it('of a stream are its seconds, once its end is known', () => {
    const ended = (durationSeconds: number, time: string) =>
      happened('live.ended', time, { sessionId: 's1', durationSeconds });
    expect(of(started('s1', TIME))).toEqual([]);
    expect(of(ended(60, TIME))).toEqual([['liveSeconds', 60]]);
    expect(of(ended(0, TIME))).toEqual([]);
    // Of two ends the later holds, and of two at once the longer.
    const later = ended(50, '2024-11-11T11:00:00');
    for (const ends of [
      [ended(60, TIME), later],
      [later, ended(60, TIME)],
    ])
      expect(of(...ends)).toEqual([['liveSeconds', 50]]);
    expect(of(ended(60, TIME), ended(70, TIME))).toEqual([['liveSeconds', 70]]);
    expect(of(ended(70, TIME), ended(60, TIME))).toEqual([['liveSeconds', 70]]);
  });

  it('of a video are at its earliest publication, as what it is', () => {
    const clip = { sessionId: 's1', kind: 'teaser' } as const;
    const published = (time: string, shoppable: boolean, isClip: boolean) =>
      happened('video.published', time, {
        videoId: 'v1',
        shoppable,
        ...(isClip ? { clip } : {}),
      });
    expect(of(published(TIME, false, false))).toEqual([]);
    const both = [
      published('2024-11-12T10:00:00', true, true),
      published(TIME, false, true),
    ];
    expect([...contributed(both).values()].flat()).toMatchObject([
      { metric: 'shoppableVideos', atMs: timeMs('2024-11-12T10:00:00') },
      { metric: 'clips', atMs: timeMs(TIME) },
    ]);
  });
});

import fc from 'fast-check';
import {
  flagged,
  paid,
  registered,
  started,
  timeMs,
} from '../../test/activity.js';
import { anyActivity, shuffled } from '../../test/any-activity.js';
import type { ActivityEvent } from '@app/contracts';
import {
  applyToFacts,
  contributionsOfFirsts,
  factsFromJson,
  factsToJson,
  UNKNOWN_MERCHANT,
  type MerchantFacts,
} from './merchant-facts.js';

function factsAfter(events: readonly ActivityEvent[]): MerchantFacts {
  return events.reduce(
    (facts, event) => applyToFacts(facts, event, false),
    UNKNOWN_MERCHANT,
  );
}

const anyMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
const anyName = fc.string({ minLength: 1 });
const anyFacts: fc.Arbitrary<MerchantFacts> = fc
  .record({
    registeredAtMs: fc.option(anyMs),
    category: fc.option(fc.string()),
    followers: fc.nat().map(BigInt),
    followersAtMs: fc.option(anyMs),
    firstStream: fc.option(
      fc.record({ sessionId: anyName, atMs: anyMs }, { noNullPrototype: true }),
    ),
    firstSale: fc.option(
      fc.record(
        {
          orderId: anyName,
          atMs: anyMs,
          sessionId: fc.option(anyName),
          isFlagged: fc.boolean(),
        },
        { noNullPrototype: true },
      ),
    ),
    flaggedAtMs: fc.option(anyMs),
    flaggedSessions: fc
      .array(fc.tuple(anyName, anyMs))
      .map((entries) => new Map(entries)),
  })
  .map((facts) => ({
    ...facts,
    followers: facts.followersAtMs === null ? 0n : facts.followers,
  }));

describe('what is known of a merchant', () => {
  it('is the same in whatever order its events come', () => {
    const ofOne = anyActivity.map((events) =>
      events.filter(
        ({ merchantId, type }) =>
          merchantId === 'm1' && type !== 'risk.flagged',
      ),
    );
    const twice = ofOne.chain((events) =>
      fc.tuple(fc.constant(events), shuffled(events)),
    );
    fc.assert(
      fc.property(twice, ([events, otherwise]) => {
        expect(factsAfter(otherwise)).toEqual(factsAfter(events));
      }),
    );
  });

  it('is kept and read again as it was', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const stored = JSON.parse(JSON.stringify(factsToJson(facts)));
        expect(factsFromJson(stored)).toEqual(facts);
      }),
    );
  });

  it('is not read where it was kept in another form', () => {
    expect(() => factsFromJson({ v: 9 })).toThrow(
      'merchant facts of version 9 are not known here',
    );
  });

  it('takes almost no room where nothing is known', () => {
    expect(factsToJson(UNKNOWN_MERCHANT)).toEqual({ v: 1 });
  });

  it('is the same object after an event that says nothing new', () => {
    const facts = factsAfter([paid('o1', '2024-11-11T10:00:00', 1)]);
    const later = paid('o2', '2024-11-12T10:00:00', 1);
    expect(applyToFacts(facts, later, false)).toBe(facts);
  });
});

describe('followers', () => {
  it('are those that were stated last, by a registration or a stream', () => {
    const joined = registered('2024-11-01T10:00:00', { followers: 5 });
    const live = started('s1', '2024-11-11T10:00:00', { followers: 70 });
    expect(factsAfter([live, joined]).followers).toBe(70n);
    expect(factsAfter([joined, live]).followers).toBe(70n);
  });

  it('are the larger of two numbers that were stated at one instant', () => {
    const [less, more] = [5, 70].map((followers, i) =>
      started(`s${i}`, '2024-11-11T10:00:00', { followers }),
    );
    expect(factsAfter([less!, more!]).followers).toBe(70n);
    expect(factsAfter([more!, less!]).followers).toBe(70n);
  });
});

describe('firsts', () => {
  const time = '2024-11-11T10:00:00';

  it('are the earliest that are known; of two at once the smaller name', () => {
    const facts = factsAfter([
      paid('o2', time, 1),
      paid('o1', time, 1),
      paid('o3', time, 1),
      started('s2', '2024-11-12T10:00:00'),
      started('s1', time),
    ]);
    expect(facts.firstSale).toMatchObject({
      orderId: 'o1',
      atMs: timeMs(time),
    });
    expect(facts.firstStream).toMatchObject({ sessionId: 's1' });
  });

  it('each contribute one, and a flagged sale nothing', () => {
    const facts = factsAfter([paid('o1', time, 1), started('s1', time)]);
    expect(contributionsOfFirsts(facts)).toMatchObject([
      { metric: 'firstStream', amount: 1, sessionId: 's1' },
      { metric: 'firstSale', amount: 1 },
    ]);
    const flag = flagged('order', 'o1', '2024-12-01T00:00:00');
    expect(
      contributionsOfFirsts(applyToFacts(facts, flag, false)),
    ).toMatchObject([{ metric: 'firstStream' }]);
    expect(contributionsOfFirsts(UNKNOWN_MERCHANT)).toEqual([]);
  });
});

describe('flags', () => {
  it('are known by the earliest on the merchant and on each session', () => {
    const facts = factsAfter([
      flagged('session', 's1', '2024-11-12T00:00:00'),
      flagged('session', 's1', '2024-11-11T00:00:00'),
      flagged('session', 's1', '2024-11-13T00:00:00'),
      flagged('merchant', 'm1', '2024-11-15T00:00:00'),
      flagged('merchant', 'm1', '2024-11-14T00:00:00'),
    ]);
    expect(facts.flaggedAtMs).toBe(timeMs('2024-11-14T00:00:00'));
    expect(facts.flaggedSessions).toEqual(
      new Map([['s1', timeMs('2024-11-11T00:00:00')]]),
    );
  });
});

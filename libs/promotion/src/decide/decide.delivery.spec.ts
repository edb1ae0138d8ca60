import {
  closed,
  delivered,
  ended,
  granted,
  minute,
  published,
  started,
  switchedOff,
  switchedOn,
  timePasses,
} from '../../test/inputs.js';
import { oneOrderAPlacement } from '../../test/one-order-a-placement.js';
import { PromoterInMemory } from '../../test/promoter-in-memory.js';
import { nextDueMs } from './passing-time.js';

const A_MONTH = 30 * 24 * 60;
const ORDER = 'promotions-0-2';

/** A stream with an open order for 300 of lot `a`, which expires first, and 500 of lot `b`. */
function streaming(): PromoterInMemory {
  const p = new PromoterInMemory(oneOrderAPlacement);
  p.take(
    granted({
      lotId: 'a',
      unit: 'ANY_IMP',
      amount: 300,
      at: 0,
      expires: 5_000,
    }),
    granted({
      lotId: 'b',
      unit: 'LIVE_IMP',
      amount: 500,
      at: 0,
      expires: A_MONTH,
    }),
    started('s1', 1),
    switchedOn(2),
  );
  expect(p.lastOrder()).toBe(ORDER);
  return p;
}

describe('a delivery report', () => {
  it('spends what was reserved, the lot that expires first before the next', () => {
    const p = streaming();
    const told = p.hear(delivered(ORDER, 200, 3), delivered(ORDER, 200, 4));
    expect(told).toEqual([
      'deliver: 200 ANY_IMP of a',
      'deliver: 100 ANY_IMP of a, 100 LIVE_IMP of b',
    ]);
    expect(p.merchant().lots).toMatchObject([
      { lotId: 'b', available: 0n, reserved: 400n },
    ]);
    expect(p.merchant().orders).toMatchObject([
      { deliveredImpressions: 400n, parts: [{ lotId: 'b', amount: 400n }] },
    ]);
  });

  it('is told in the entry with all its numbers', () => {
    const p = streaming();
    const report = delivered(ORDER, 200, 3);
    expect(p.take(report)).toEqual([
      {
        kind: 'deliver',
        merchantId: 'm1',
        occurredAtMs: minute(3),
        postings: [
          { account: 'reserved', unit: 'ANY_IMP', amount: -200n, lotId: 'a' },
          { account: 'spent:live', unit: 'ANY_IMP', amount: 200n, lotId: 'a' },
        ],
        cause: {
          type: 'promotion_delivered',
          promotionOrderId: ORDER,
          reportedImpressions: 200,
          clicks: 3,
          orders: 1,
          gmvMinor: 990,
          event: report.reference,
        },
      },
    ]);
  });

  it('of more than was ordered costs no more than was ordered', () => {
    const p = streaming();
    expect(p.hear(delivered(ORDER, 900, 3), delivered(ORDER, 50, 4))).toEqual([
      'deliver: 300 ANY_IMP of a, 500 LIVE_IMP of b',
      'deliver: nothing',
    ]);
    expect(p.drafts.at(-2)?.cause).toMatchObject({ reportedImpressions: 900 });
    expect(p.hear(closed(ORDER, 'completed', 5))).toEqual([
      'release, completed: nothing',
    ]);
  });

  it.each([
    ['was closed', closed(ORDER, 'completed', 3)],
    ['was cancelled by the switch', switchedOff(3)],
    ['ran out of time', timePasses(2 + 60 + 10)],
  ])('for an order that %s is refused and changes nothing', (_, end) => {
    const p = streaming();
    p.take(end);
    const before = p.merchant();
    const late = delivered(ORDER, 100, 200);
    expect(p.take(late)).toEqual([]);
    expect(p.refused).toEqual([
      {
        input: late,
        refusal: 'order_not_open',
        detail:
          'data.promotionOrderId: promotions-0-2 is not an open order of this merchant',
      },
    ]);
    expect(p.merchant()).toBe(before);
  });

  it('that only acknowledges our cancelling is taken and changes nothing', () => {
    const p = streaming();
    p.take(switchedOff(3));
    const before = p.merchant();
    expect(p.take(closed(ORDER, 'cancelled', 4))).toEqual([]);
    expect(p.refused).toEqual([]);
    expect(p.merchant()).toBe(before);
  });

  it("for another merchant's order is refused", () => {
    const p = streaming();
    p.take(delivered(ORDER, 100, 3, 'm2'), closed(ORDER, 'completed', 3, 'm2'));
    expect(p.refused.map(({ refusal }) => refusal)).toEqual([
      'order_not_open',
      'order_not_open',
    ]);
    expect(p.merchant().orders).toHaveLength(1);
  });
});

describe('an order that is closed', () => {
  it.each(['completed', 'session_ended', 'cancelled', 'rejected'] as const)(
    'gives back what it did not use: %s',
    (reason) => {
      const p = streaming();
      p.take(delivered(ORDER, 400, 3));
      const report = closed(ORDER, reason, 4);
      const [release] = p.take(report);
      expect(release).toMatchObject({
        kind: 'release',
        postings: [
          { account: 'reserved', amount: -400n, lotId: 'b' },
          { account: 'available', amount: 400n, lotId: 'b' },
        ],
        cause: { reason, event: report.reference },
      });
    },
  );

  it('is followed by the next one while there is something left', () => {
    const p = streaming();
    p.take(delivered(ORDER, 100, 3));
    expect(p.hear(closed(ORDER, 'completed', 4))).toEqual([
      'release, completed: 200 ANY_IMP of a, 500 LIVE_IMP of b',
      'order live s1: 200 ANY_IMP of a, 500 LIVE_IMP of b',
    ]);
  });
});

describe('a target that orders come to nothing with', () => {
  /** Closes the open order; gives the minutes until the next one. */
  function minutesOfRest(
    p: PromoterInMemory,
    reason: 'rejected' | 'session_ended' = 'rejected',
  ): number {
    const at = (p.merchant().clockMs - minute(0)) / 60_000;
    p.take(closed(p.lastOrder(), reason, at));
    expect(p.merchant().orders).toEqual([]);
    const dueMs = nextDueMs(p.merchant(), oneOrderAPlacement)!;
    p.take(timePasses((dueMs - minute(0)) / 60_000));
    expect(p.merchant().orders).toHaveLength(1);
    return (dueMs - minute(0)) / 60_000 - at;
  }

  it('rests for a minute, then twice as long each time, four hours at most', () => {
    const p = streaming();
    const rests = Array.from({ length: 10 }, () => minutesOfRest(p));
    expect(rests).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
  });

  it('rests as well where ad delivery says that it has ended, and nobody else does', () => {
    const p = streaming();
    const rests = [1, 2, 3].map(() => minutesOfRest(p, 'session_ended'));
    expect(rests).toEqual([1, 2, 4]);
  });

  it('rests for a minute again after an order that delivered something', () => {
    const p = streaming();
    for (let i = 0; i < 3; i++) minutesOfRest(p);
    p.take(
      delivered(p.lastOrder(), 1, 9),
      closed(p.lastOrder(), 'completed', 9),
    );
    expect(minutesOfRest(p)).toBe(1);
  });

  it('rests alone: another one gets orders at once', () => {
    const p = streaming();
    p.take(closed(ORDER, 'rejected', 4));
    expect(p.hear(started('s2', 4.5))).toEqual([
      'order live s2: 300 ANY_IMP of a, 500 LIVE_IMP of b',
    ]);
    const q = streaming();
    q.take(closed(ORDER, 'rejected', 4), published('v1', 4.5));
    expect(q.hear(ended('s1', 4.6))).toEqual([
      'order short_video v1: 300 ANY_IMP of a',
    ]);
  });

  it('rests as well where ad delivery was away: its deadlines release, and things go on', () => {
    const p = streaming();
    expect(p.hear(timePasses(72), timePasses(73))).toEqual([
      'release, deadline_passed: 300 ANY_IMP of a, 500 LIVE_IMP of b',
      'order live s1: 300 ANY_IMP of a, 500 LIVE_IMP of b',
    ]);
    expect(p.hear(delivered(p.lastOrder(), 300, 80))).toEqual([
      'deliver: 300 ANY_IMP of a',
    ]);
  });
});

describe('a stream that ends early', () => {
  it('frees at once what was reserved for it, and ad delivery is told', () => {
    const p = streaming();
    p.take(delivered(ORDER, 100, 9));
    const end = ended('s1', 10);
    const [release] = p.take(end);
    expect(release).toMatchObject({
      kind: 'release',
      cause: { reason: 'session_ended', event: end.reference },
    });
    expect(p.merchant().lots).toMatchObject([
      { lotId: 'a', available: 200n, reserved: 0n },
      { lotId: 'b', available: 500n, reserved: 0n },
    ]);
  });

  it('costs nothing of what is reported after its end', () => {
    const p = streaming();
    const late = delivered(ORDER, 100, 10);
    p.take(ended('s1', 10), late);
    expect(p.refused).toMatchObject([
      { input: late, refusal: 'order_not_open' },
    ]);
    expect(p.merchant().lots).toMatchObject([
      { available: 300n },
      { available: 500n },
    ]);
  });

  it.each(['session_ended', 'cancelled'] as const)(
    'is heard of by ad delivery too, whose closing says nothing new: %s',
    (reason) => {
      const p = streaming();
      expect(p.hear(ended('s1', 10), closed(ORDER, reason, 10))).toEqual([
        'release, session_ended: 300 ANY_IMP of a, 500 LIVE_IMP of b',
      ]);
      expect(p.refused).toEqual([]);
    },
  );

  it('takes no further order, and what it frees goes elsewhere', () => {
    const p = streaming();
    p.take(published('v1', 5));
    expect(p.hear(ended('s1', 10))).toEqual([
      'release, session_ended: 300 ANY_IMP of a, 500 LIVE_IMP of b',
      'order short_video v1: 300 ANY_IMP of a',
    ]);
  });

  it('leaves the orders of other streams alone', () => {
    const p = streaming();
    p.take(started('s2', 9), ended('s2', 10));
    expect(p.merchant().orders).toMatchObject([
      { targetId: 's1', deadlineMs: minute(62) },
    ]);
  });
});

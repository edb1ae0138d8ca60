import {
  closed,
  delivered,
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
import type { PromotionInput } from '../input.js';

const ORDER = 'promotions-0-2';
const lot = { lotId: 'a', unit: 'ANY_IMP', amount: 300, at: 0 } as const;

describe('a lot', () => {
  it('expires when its time has come, and not before', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 100 }));
    expect(p.hear(timePasses(99.9))).toEqual([]);
    expect(p.take(timePasses(100))).toEqual([
      {
        kind: 'expire',
        merchantId: 'm1',
        occurredAtMs: minute(100),
        postings: [
          { account: 'available', unit: 'ANY_IMP', amount: -300n, lotId: 'a' },
          {
            account: 'expired:ladder',
            unit: 'ANY_IMP',
            amount: 300n,
            lotId: 'a',
          },
        ],
        cause: {
          type: 'lot_expired',
          lotId: 'a',
          program: 'ladder',
          expiresAt: '2024-11-11T01:40:00.000Z',
        },
      },
    ]);
    expect(p.merchant().lots).toEqual([]);
  });

  it('expires by any input that brings the time', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 100 }));
    expect(p.hear(published('v1', 101))).toEqual(['expire: 300 ANY_IMP of a']);
  });

  it('of an old event expires at once, unspent', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(switchedOn(0), started('s1', 0));
    const late = granted({ ...lot, expires: 100, recorded: 5_000 });
    expect(p.hear(late)).toEqual(['expire: 300 ANY_IMP of a']);
  });

  it('that is reserved is released and expires when its time has come: no report is waited for', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 50 }), started('s1', 1), switchedOn(2));
    const late = delivered(ORDER, 100, 51);
    expect(
      p.hear(delivered(ORDER, 100, 49), timePasses(49.9), timePasses(50), late),
    ).toEqual([
      'deliver: 100 ANY_IMP of a',
      'release, deadline_passed: 200 ANY_IMP of a',
      'expire: 200 ANY_IMP of a',
    ]);
    expect(p.refused.map(({ input }) => input)).toEqual([late]);
  });

  it('that is reserved in part expires as a whole', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    const big = { ...lot, amount: 20_100, expires: 50 };
    p.take(granted(big), started('s1', 1), switchedOn(2));
    expect(p.hear(timePasses(50))).toEqual([
      'release, deadline_passed: 20000 ANY_IMP of a',
      'expire: 20100 ANY_IMP of a',
    ]);
  });
});

describe('an order without a last report', () => {
  it('is closed 10 minutes after its deadline by time alone', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 9_000 }), started('s1', 1));
    p.take(switchedOn(2), delivered(ORDER, 100, 3));
    expect(p.hear(timePasses(71.9))).toEqual([]);
    const [release] = p.take(timePasses(72));
    expect(release?.cause).toEqual({
      type: 'promotion_closed',
      promotionOrderId: ORDER,
      reason: 'deadline_passed',
      event: null,
    });
  });

  it('may report until then', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 9_000 }), started('s1', 1));
    expect(p.hear(switchedOn(2), delivered(ORDER, 100, 71))).toContain(
      'deliver: 100 ANY_IMP of a',
    );
  });
});

describe('nextDueMs', () => {
  it('says when time alone will have something to do next', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    const dueAfter = (input: PromotionInput) => {
      p.take(input);
      return nextDueMs(p.merchant(), oneOrderAPlacement);
    };
    expect(nextDueMs(p.merchant(), oneOrderAPlacement)).toBeNull();
    // The lot's expiry.
    expect(dueAfter(granted({ ...lot, expires: 9_000 }))).toBe(minute(9_000));
    expect(dueAfter(started('s1', 1))).toBe(minute(9_000));
    // The order's deadline, an hour on, and 10 minutes for reports.
    expect(dueAfter(switchedOn(2))).toBe(minute(2 + 60 + 10));
    // The end of the rest.
    const [order] = p.merchant().orders;
    const rejected = closed(order!.promotionOrderId, 'rejected', 5);
    expect(dueAfter(rejected)).toBe(minute(5 + 1));
    // Nothing is ordered after a rest while the switch is off.
    expect(dueAfter(switchedOff(6))).toBe(minute(9_000));
    expect(dueAfter(timePasses(9_000))).toBeNull();
  });
});

describe('time that goes back', () => {
  it('is no time: the latest that was seen counts', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 9_000 }), published('v1', 500));
    p.take(switchedOn(100));
    expect(p.merchant().clockMs).toBe(minute(500));
    expect(p.merchant().orders[0]?.deadlineMs).toBe(minute(500 + 6 * 60));
  });
});

import {
  granted,
  minute,
  published,
  started,
  switchedOn,
} from '../test/inputs.js';
import { PromoterInMemory } from '../test/promoter-in-memory.js';
import { merchantFromJson, merchantToJson } from './merchant-promotion.json.js';
import { UNKNOWN_MERCHANT } from './merchant-promotion.js';

describe('the stored form of a merchant', () => {
  it('is plain JSON, amounts as decimal strings', () => {
    const p = new PromoterInMemory();
    const on = switchedOn(2);
    p.take(
      granted({ lotId: 'a', unit: 'ANY_IMP', amount: 9, at: 0, expires: 90 }),
      started('s1', 1),
      published('v1', 1),
      on,
    );
    expect(merchantToJson(p.merchant())).toEqual({
      v: 1,
      clockMs: minute(2),
      autoPromotion: {
        enabled: true,
        sinceMs: minute(2),
        eventId: on.event.id,
      },
      lots: [
        {
          lotId: 'a',
          unit: 'ANY_IMP',
          program: 'ladder',
          expiresAtMs: minute(90),
          available: '0',
          reserved: '9',
        },
      ],
      sessionIds: ['s1'],
      endedSessionIds: [],
      videoIds: ['v1'],
      orders: [
        {
          promotionOrderId: 'promotions-0-2',
          placement: 'live',
          targetId: 's1',
          deadlineMs: minute(62),
          parts: [{ lotId: 'a', amount: '9' }],
          deliveredImpressions: '0',
        },
      ],
      restUntilMs: {},
    });
  });

  it('keeps amounts beyond 2^53', () => {
    const lot = {
      lotId: 'a',
      unit: 'LIVE_IMP' as const,
      program: 'ladder',
      expiresAtMs: 1,
      available: 2n ** 63n - 1n,
      reserved: 1n,
    };
    const merchant = { ...UNKNOWN_MERCHANT, lots: [lot] };
    const stored = JSON.stringify(merchantToJson(merchant));
    expect(merchantFromJson(JSON.parse(stored))).toEqual(merchant);
  });

  it.each([
    { ...(merchantToJson(UNKNOWN_MERCHANT) as object), v: 2 },
    { v: 1, clockMs: 0 },
    null,
  ])('is refused where it is another one: %#', (json) => {
    expect(() => merchantFromJson(json)).toThrow();
  });
});

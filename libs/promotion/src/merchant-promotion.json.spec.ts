import {
  granted,
  minute,
  published,
  started,
  switchedOn,
} from '../test/inputs.js';
import { oneOrderAPlacement } from '../test/one-order-a-placement.js';
import { PromoterInMemory } from '../test/promoter-in-memory.js';
import { merchantFromJson, merchantToJson } from './merchant-promotion.json.js';
import { UNKNOWN_MERCHANT } from './merchant-promotion.js';

describe('the stored form of a merchant', () => {
  it('is plain JSON, amounts as decimal strings', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    const on = switchedOn(2, 'm1', { dailyCapImpressions: 9 });
    p.take(
      granted({ lotId: 'a', unit: 'ANY_IMP', amount: 9, at: 0, expires: 90 }),
      started('s1', 1),
      published('v1', 1, { clip: { sessionId: 's1', kind: 'teaser' } }),
      on,
    );
    expect(merchantToJson(p.merchant())).toEqual({
      v: 3,
      clockMs: minute(2),
      category: null,
      autoPromotion: {
        enabled: true,
        sinceMs: minute(2),
        eventId: on.event.id,
        limits: { dailyCapImpressions: 9 },
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
      sessions: [
        {
          sessionId: 's1',
          startedAtMs: minute(1),
          followers: 0,
          givenImpressions: '9',
          rest: null,
        },
      ],
      endedSessionIds: [],
      videos: [
        {
          videoId: 'v1',
          publishedAtMs: minute(1),
          clip: { sessionId: 's1', kind: 'teaser' },
          rest: null,
        },
      ],
      orders: [
        {
          promotionOrderId: 'promotions-0-2',
          placement: 'live',
          targetId: 's1',
          orderedAtMs: minute(2),
          deadlineMs: minute(62),
          parts: [{ lotId: 'a', amount: '9' }],
          deliveredImpressions: '0',
          deliveredOrders: 0,
          deliveredGmvMinor: 0,
          slot: null,
        },
      ],
      orderedToday: { day: '2024-11-11', impressions: '9' },
      spending: null,
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

  it('keeps what kind of clip an order is for', () => {
    const p = new PromoterInMemory();
    p.take(
      granted({ lotId: 'a', unit: 'ANY_IMP', amount: 9, at: 0, expires: 90 }),
      published('v1', 1, { clip: { sessionId: 's1', kind: 'teaser' } }),
      switchedOn(2),
    );
    const merchant = p.merchant();
    expect(merchant.orders[0]!.slot).toMatchObject({ clipKind: 'teaser' });
    const stored = JSON.stringify(merchantToJson(merchant));
    expect(merchantFromJson(JSON.parse(stored))).toEqual(merchant);
  });

  it('is read as it was before streams and videos had more than an id', () => {
    const order = {
      promotionOrderId: 'promotions-0-2',
      placement: 'live',
      targetId: 's1',
      deadlineMs: minute(62),
      parts: [{ lotId: 'a', amount: '9' }],
      deliveredImpressions: '1',
    };
    const first = {
      v: 1,
      clockMs: minute(2),
      autoPromotion: { enabled: true, sinceMs: minute(2), eventId: 'on' },
      lots: [],
      sessionIds: ['s1', 's2'],
      endedSessionIds: ['s0'],
      videoIds: ['v1'],
      orders: [order],
      restUntilMs: { live: minute(9) },
    };
    const target = { rest: null };
    expect(merchantFromJson(first)).toEqual({
      clockMs: minute(2),
      category: null,
      autoPromotion: { ...first.autoPromotion, limits: {} },
      lots: [],
      sessions: [['s1', 10n] as const, ['s2', 0n] as const].map(
        ([sessionId, givenImpressions]) => ({
          ...target,
          sessionId,
          startedAtMs: minute(2),
          followers: null,
          givenImpressions,
        }),
      ),
      endedSessionIds: ['s0'],
      videos: [
        { ...target, videoId: 'v1', publishedAtMs: minute(2), clip: null },
      ],
      orders: [
        {
          ...order,
          orderedAtMs: minute(2),
          parts: [{ lotId: 'a', amount: 9n }],
          deliveredImpressions: 1n,
          deliveredOrders: 0,
          deliveredGmvMinor: 0,
          slot: null,
        },
      ],
      orderedToday: { day: '2024-11-11', impressions: 10n },
      spending: null,
    });
  });

  it('is read as it was while slots went by the ids of their targets', () => {
    const p = new PromoterInMemory();
    p.take(
      granted({ lotId: 'a', unit: 'LIVE_IMP', amount: 9, at: 0, expires: 90 }),
      started('s1', 1),
      published('v1', 1),
      published('__proto__', 1),
      switchedOn(2),
    );
    const merchant = p.merchant();
    const stored = merchantToJson(merchant) as { spending: object };
    const slotEndsMs = JSON.parse(
      `{"s1":${minute(32)},"v1":${minute(122)},"__proto__":${minute(122)}}`,
    ) as object;
    const unfunded = ['v1', '__proto__'];
    const spending = { ...stored.spending, slotEndsMs, unfunded };
    expect(merchantFromJson({ ...stored, v: 2, spending })).toEqual(merchant);
  });

  it.each([
    { ...(merchantToJson(UNKNOWN_MERCHANT) as object), v: 4 },
    { v: 1, clockMs: 0 },
    null,
  ])('is refused where it is another one: %#', (json) => {
    expect(() => merchantFromJson(json)).toThrow();
  });
});

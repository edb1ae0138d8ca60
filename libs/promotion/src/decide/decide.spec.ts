import { oneOrderAPlacement } from '../../test/one-order-a-placement.js';
import {
  ended,
  granted,
  minute,
  published,
  registered,
  started,
  switchedOff,
  switchedOn,
  timePasses,
  type Grant,
} from '../../test/inputs.js';
import { PromoterInMemory } from '../../test/promoter-in-memory.js';
import { MAX_SESSIONS, MAX_VIDEOS, videoKind } from '../merchant-promotion.js';

const A_MONTH = 30 * 24 * 60;
const live = { lotId: 'l', unit: 'LIVE_IMP', amount: 500 } as const;
const video = { lotId: 'v', unit: 'VIDEO_IMP', amount: 700 } as const;
const any = { lotId: 'a', unit: 'ANY_IMP', amount: 900 } as const;

function promoter(...grants: Partial<Grant>[]): PromoterInMemory {
  const promoter = new PromoterInMemory(oneOrderAPlacement);
  for (const grant of grants)
    promoter.take(granted({ ...any, at: 0, expires: A_MONTH, ...grant }));
  return promoter;
}

describe('the switch', () => {
  it('off, nothing is ordered', () => {
    const told = promoter(live, video, any).hear(
      started('s1', 1),
      published('v1', 2),
    );
    expect(told).toEqual([]);
  });

  it('turned on while a stream runs, orders for it at once', () => {
    const p = promoter(live);
    p.take(started('s1', 1));
    const [on, order] = p.take(switchedOn(2));
    expect(on).toMatchObject({
      kind: 'switch_on',
      postings: [],
      cause: {
        type: 'auto_promotion_switched',
        enabled: true,
        by: 'the merchant',
      },
    });
    expect(order).toEqual({
      kind: 'reserve',
      merchantId: 'm1',
      occurredAtMs: minute(2),
      postings: [
        { account: 'available', unit: 'LIVE_IMP', amount: -500n, lotId: 'l' },
        { account: 'reserved', unit: 'LIVE_IMP', amount: 500n, lotId: 'l' },
      ],
      cause: {
        type: 'promotion_ordered',
        promotionOrderId: 'promotions-0-2',
        placement: 'live',
        sessionId: 's1',
        impressions: 500,
        deadline: '2024-11-11T01:02:00.000Z',
        decision: { policy: 'one-order-a-placement/1', spendable: 500 },
      },
    });
  });

  it('turned off, closes and releases all orders at once and orders no more', () => {
    const p = promoter(live, video);
    p.take(started('s1', 1), published('v1', 1), switchedOn(2));
    expect(p.hear(switchedOff(3), started('s2', 4))).toEqual([
      'switch_off',
      'release, switched_off: 500 LIVE_IMP of l',
      'release, switched_off: 700 VIDEO_IMP of v',
    ]);
    expect(p.merchant().lots).toMatchObject([
      { lotId: 'l', available: 500n, reserved: 0n },
      { lotId: 'v', available: 700n, reserved: 0n },
    ]);
  });

  it('turned on again, orders again without a rest', () => {
    const p = promoter(live);
    p.take(started('s1', 1), switchedOn(2), switchedOff(3));
    expect(p.hear(switchedOn(3))).toEqual([
      'switch_on',
      'order live s1: 500 LIVE_IMP of l',
    ]);
  });

  it('turned off where it is off, or on where it is on, changes nothing, and is seen to be taken', () => {
    const p = promoter();
    const [off, on, again] = [switchedOff(1), switchedOn(2), switchedOn(3)];
    expect(p.hear(off)).toEqual([]);
    expect(p.merchant().autoPromotion.eventId).toBe(off.event.id);
    expect(p.hear(on, again)).toEqual(['switch_on']);
    expect(p.merchant().autoPromotion).toMatchObject({
      sinceMs: minute(2),
      eventId: again.event.id,
    });
  });

  it('is remembered with its time and event', () => {
    const p = promoter();
    const on = switchedOn(7);
    p.take(on);
    expect(p.merchant().autoPromotion).toEqual({
      enabled: true,
      sinceMs: minute(7),
      eventId: on.event.id,
      limits: {},
    });
  });
});

describe('a running stream', () => {
  it('gets LIVE_IMP and ANY_IMP, videos only VIDEO_IMP', () => {
    const p = promoter(live, video, any);
    p.take(started('s1', 1), published('v1', 1));
    expect(p.hear(switchedOn(2))).toEqual([
      'switch_on',
      'order live s1: 900 ANY_IMP of a, 500 LIVE_IMP of l',
      'order short_video v1: 700 VIDEO_IMP of v',
    ]);
  });

  it('is ordered for as soon as it starts, and as soon as there is a grant', () => {
    const p = promoter(live);
    const later = granted({ ...live, lotId: 'm', at: 4, expires: A_MONTH });
    expect(p.hear(switchedOn(1), started('s1', 2))).toEqual([
      'switch_on',
      'order live s1: 500 LIVE_IMP of l',
    ]);
    const q = promoter();
    expect(q.hear(switchedOn(1), started('s1', 2), later)).toEqual([
      'switch_on',
      'order live s1: 500 LIVE_IMP of m',
    ]);
  });

  it('is the one that started last', () => {
    const p = promoter(live);
    p.take(started('s1', 1), started('s2', 2));
    expect(p.hear(switchedOn(3))).toContain('order live s2: 500 LIVE_IMP of l');
  });

  it('is none where its end came before its start', () => {
    const p = promoter(live);
    const told = p.hear(switchedOn(1), ended('s1', 5), started('s1', 2));
    expect(told).toEqual(['switch_on']);
  });
});

describe('a video', () => {
  it('gets VIDEO_IMP and ANY_IMP while no stream runs', () => {
    const p = promoter(live, video, any);
    p.take(started('s1', 0), ended('s1', 1), published('v1', 1));
    expect(p.hear(switchedOn(2))).toEqual([
      'switch_on',
      'order short_video v1: 900 ANY_IMP of a, 700 VIDEO_IMP of v',
    ]);
  });

  it('is the one that was published last, if it sells', () => {
    const p = promoter(video);
    p.take(published('v1', 1), published('v2', 2));
    p.take(published('v3', 3, { shoppable: false }));
    expect(p.hear(switchedOn(4))).toContain(
      'order short_video v2: 700 VIDEO_IMP of v',
    );
  });

  it('has six hours, a stream one', () => {
    const p = promoter(live, video);
    p.take(started('s1', 1), published('v1', 1), switchedOn(2));
    expect(p.merchant().orders).toMatchObject([
      { placement: 'live', deadlineMs: minute(2 + 60) },
      { placement: 'short_video', deadlineMs: minute(2 + 6 * 60) },
    ]);
  });
});

describe('an order', () => {
  const soon = { ...live, lotId: 'soon', expires: 100 };
  const sooner = { ...any, lotId: 'sooner', expires: 50 };

  it('draws on the lots that expire first and does not outlive them', () => {
    const p = promoter(live, soon, sooner);
    p.take(started('s1', 1));
    expect(p.hear(switchedOn(2))).toContain(
      'order live s1: 900 ANY_IMP of sooner, 500 LIVE_IMP of soon, 500 LIVE_IMP of l',
    );
    expect(p.merchant().orders[0]?.deadlineMs).toBe(minute(50));
  });

  it('is for 20,000 impressions at most, one at a time for a placement', () => {
    const p = promoter(
      { ...live, lotId: 'b', amount: 15_000 },
      { ...live, lotId: 'c', amount: 15_000 },
      { ...live, lotId: 'd', amount: 15_000 },
    );
    p.take(started('s1', 1));
    expect(p.hear(switchedOn(2), started('s2', 3), timePasses(4))).toEqual([
      'switch_on',
      'order live s1: 15000 LIVE_IMP of b, 5000 LIVE_IMP of c',
    ]);
    expect(p.drafts.at(-1)?.cause).toMatchObject({
      impressions: 20_000,
      decision: { spendable: 45_000 },
    });
  });

  it('takes no cash', () => {
    const p = promoter({ lotId: 'cash', unit: 'CNY' });
    p.take(started('s1', 1), published('v1', 1));
    expect(p.hear(switchedOn(2))).toEqual(['switch_on']);
  });
});

describe('what is remembered of a merchant', () => {
  it('stays small, however much streams and publishes', () => {
    const p = promoter();
    for (let i = 0; i < 100; i++)
      p.take(started(`s${i}`, i), ended(`t${i}`, i), published(`v${i}`, i));
    const { sessions, endedSessionIds, videos } = p.merchant();
    expect(sessions).toHaveLength(MAX_SESSIONS);
    expect(endedSessionIds).toHaveLength(MAX_SESSIONS);
    expect(videos).toHaveLength(MAX_VIDEOS);
    expect(videos.at(-1)).toMatchObject({ videoId: 'v99' });
  });

  it('says what they sell, and since when a stream runs before how many', () => {
    const p = promoter();
    p.take(registered('snacks', 1), started('s1', 2, 'm1', 40));
    expect(p.merchant()).toMatchObject({
      category: 'snacks',
      sessions: [{ sessionId: 's1', startedAtMs: minute(2), followers: 40 }],
    });
  });

  it('tells a clip from a video, and of which stream and kind it is', () => {
    const p = promoter();
    const clip = { sessionId: 's1', kind: 'highlight' } as const;
    p.take(published('v1', 1), published('c1', 2, { clip }));
    expect(p.merchant().videos).toMatchObject([
      { videoId: 'v1', publishedAtMs: minute(1), clip: null },
      { videoId: 'c1', publishedAtMs: minute(2), clip },
    ]);
    expect(p.merchant().videos.map(videoKind)).toEqual(['video', 'clip']);
  });
});

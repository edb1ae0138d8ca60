import type { AutoPromotionLimits } from '@app/contracts';
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
} from '../test/inputs.js';
import { oneOrderAPlacement } from '../test/one-order-a-placement.js';
import { PromoterInMemory } from '../test/promoter-in-memory.js';
import { fits, roomUnderLimits } from './limits.js';

const A_MONTH = 30 * 24 * 60;
/** The day begins at 8 in the morning in Shanghai. */
const MIDNIGHT = 16 * 60;

/** A stream runs and a video is there: 500 LIVE_IMP of l and 700 VIDEO_IMP of v. */
function ready(): PromoterInMemory {
  const p = new PromoterInMemory(oneOrderAPlacement);
  const both = { at: 0, expires: A_MONTH };
  p.take(
    granted({ ...both, lotId: 'l', unit: 'LIVE_IMP', amount: 500 }),
    granted({ ...both, lotId: 'v', unit: 'VIDEO_IMP', amount: 700 }),
    started('s1', 1),
    published('v1', 1),
  );
  return p;
}

function on(at: number, limits?: AutoPromotionLimits) {
  return switchedOn(at, 'm1', limits);
}

describe('limits of the switch', () => {
  it('stand in its entry, and changing them does not move since when it is on', () => {
    const p = ready();
    const live = { placements: ['live' as const] };
    p.take(on(2, live));
    const [change] = p.take(on(9, { dailyCapImpressions: 600 }));
    expect(p.drafts[0]!.cause).toMatchObject({ enabled: true, limits: live });
    expect(change!.cause).toMatchObject({
      enabled: true,
      limits: { dailyCapImpressions: 600 },
      onlyLimits: true,
    });
    expect(p.merchant().autoPromotion).toMatchObject({
      enabled: true,
      sinceMs: minute(2),
      limits: { dailyCapImpressions: 600 },
    });
  });

  it('that are the same write nothing', () => {
    const p = ready();
    p.take(on(2, { placements: ['short_video', 'live'] }));
    expect(p.hear(on(3, { placements: ['live', 'short_video'] }))).toEqual([]);
    expect(p.hear(on(3))).toEqual([]);
  });

  it('do not hold any more where the switch is turned on without them', () => {
    const p = ready();
    p.take(on(2, { placements: ['live'] }));
    expect(p.hear(on(3))).toEqual([
      'switch_on',
      'order short_video v1: 700 VIDEO_IMP of v',
    ]);
  });

  it('keep placements from orders that are not allowed, and close what is open there', () => {
    const p = ready();
    expect(p.hear(on(2, { placements: ['live'] }))).toEqual([
      'switch_on',
      'order live s1: 500 LIVE_IMP of l',
    ]);
    const change = on(3, { placements: ['short_video'] });
    expect(p.hear(change)).toEqual([
      'switch_on',
      'release, limits_changed: 500 LIVE_IMP of l',
      'order short_video v1: 700 VIDEO_IMP of v',
    ]);
  });
});

describe('the daily cap', () => {
  it('is shared by the placements, and renewed at midnight in Shanghai', () => {
    const p = ready();
    expect(p.hear(on(2, { dailyCapImpressions: 600 }))).toEqual([
      'switch_on',
      'order live s1: 500 LIVE_IMP of l',
      'order short_video v1: 100 VIDEO_IMP of v',
    ]);
    p.take(delivered('promotions-0-3', 100, 4));
    expect(p.hear(closed('promotions-0-3', 'completed', 5))).toEqual([
      'release, completed: nothing',
    ]);
    p.take(delivered('promotions-0-2', 500, 5));
    p.take(closed('promotions-0-2', 'completed', 6));
    expect(p.hear(timePasses(MIDNIGHT - 0.1), timePasses(MIDNIGHT))).toEqual([
      'order short_video v1: 600 VIDEO_IMP of v',
    ]);
  });

  it('leaves again what was released, on the day that it was ordered on', () => {
    const p = ready();
    p.take(on(2, { dailyCapImpressions: 500 }));
    p.take(delivered('promotions-0-2', 200, 3));
    expect(p.hear(closed('promotions-0-2', 'completed', 4))).toEqual([
      'release, completed: 300 LIVE_IMP of l',
      'order live s1: 300 LIVE_IMP of l',
    ]);
    expect(p.merchant().orderedToday).toEqual({
      day: '2024-11-11',
      impressions: 500n,
    });
  });

  it('that is lowered closes the latest orders of the day until it holds', () => {
    const p = ready();
    p.take(on(2, { dailyCapImpressions: 1_200 }));
    p.take(delivered('promotions-0-2', 400, 3));
    expect(p.hear(on(4, { dailyCapImpressions: 300 }))).toEqual([
      'switch_on',
      'release, limits_changed: 700 VIDEO_IMP of v',
      'release, limits_changed: 100 LIVE_IMP of l',
    ]);
    expect(p.merchant().orderedToday.impressions).toBe(400n);
  });

  it('that is set after midnight leaves alone what was ordered on the day before', () => {
    const p = ready();
    p.take(on(MIDNIGHT - 1));
    expect(p.merchant().orders).toHaveLength(2);
    expect(p.hear(on(MIDNIGHT + 1, { dailyCapImpressions: 300 }))).toEqual([
      'switch_on',
    ]);
  });

  it('counts what was ordered that day before the cap was set', () => {
    const p = ready();
    p.take(on(2), delivered('promotions-0-2', 400, 3), switchedOff(4));
    expect(p.hear(on(5, { dailyCapImpressions: 450 }))).toEqual([
      'switch_on',
      'order live s1: 50 LIVE_IMP of l',
    ]);
  });
});

describe('the minimum for a session', () => {
  it('is ordered at once, or nothing is', () => {
    const p = ready();
    const minimum = on(2, { minimumImpressionsPerSession: 501 });
    expect(p.hear(minimum)).toEqual([
      'switch_on',
      'order short_video v1: 700 VIDEO_IMP of v',
    ]);
    const more = granted({
      lotId: 'm',
      unit: 'ANY_IMP',
      amount: 1,
      at: 3,
      expires: A_MONTH,
    });
    expect(p.hear(more)).toEqual([
      'order live s1: 500 LIVE_IMP of l, 1 ANY_IMP of m',
    ]);
  });

  it('may take more than an order is for otherwise', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(
      granted({
        lotId: 'l',
        unit: 'LIVE_IMP',
        amount: 90_000,
        at: 0,
        expires: A_MONTH,
      }),
      started('s1', 1),
    );
    expect(p.hear(on(2, { minimumImpressionsPerSession: 30_000 }))).toEqual([
      'switch_on',
      'order live s1: 30000 LIVE_IMP of l',
    ]);
  });

  it('once given, lets any number follow', () => {
    const p = ready();
    p.take(on(2, { minimumImpressionsPerSession: 400 }));
    p.take(delivered('promotions-0-2', 450, 3));
    expect(p.hear(closed('promotions-0-2', 'completed', 4))).toEqual([
      'release, completed: 50 LIVE_IMP of l',
      'order live s1: 50 LIVE_IMP of l',
    ]);
  });

  it('asks for the rest of it where an order was cut short', () => {
    const p = ready();
    p.take(on(2, { minimumImpressionsPerSession: 400 }));
    p.take(delivered('promotions-0-2', 150, 3));
    p.take(closed('promotions-0-2', 'rejected', 4));
    // The next one is for all of the 350 that are left.
    expect(p.merchant().orders).toMatchObject([
      { placement: 'short_video' },
      { placement: 'live', parts: [{ amount: 350n }] },
    ]);
    // Of the 400, 250 were missing.
    const limits = { minimumImpressionsPerSession: 400 };
    const [session] = p.merchant().sessions;
    const room = roomUnderLimits(
      {
        ...p.merchant(),
        autoPromotion: { ...p.merchant().autoPromotion, limits },
        sessions: [{ ...session!, givenImpressions: 150n }],
      },
      'live',
      's1',
      minute(4),
    );
    expect([249n, 250n].map((amount) => fits(room, amount))).toEqual([
      false,
      true,
    ]);
  });
});

import fc from 'fast-check';
import type { AutoPromotionLimits } from '@app/contracts';
import {
  ended,
  granted,
  minute,
  registered,
  started,
  switchedOff,
  switchedOn,
  type Grant,
} from '../../test/inputs.js';
import { PromoterInMemory } from '../../test/promoter-in-memory.js';
import { newSharedMemory, type MerchantPromotion } from '../index.js';
import { forecast } from './forecast.js';

const A_DAY = 24 * 60;
const lot = { lotId: 'a', unit: 'LIVE_IMP', amount: 100_000 } as const;

/** A merchant who has streamed for two hours of each of ten days, and the lots that they have then. */
function streamer(
  grants: readonly Partial<Grant>[],
  limits?: AutoPromotionLimits,
): MerchantPromotion {
  const p = new PromoterInMemory();
  p.take(registered('food', 0), switchedOn(1, 'm1', limits));
  for (let day = 0; day < 10; day += 1) {
    const at = day * A_DAY + 60;
    // Without a lot nothing is ordered, but the room is noticed: 5,000 in each of these half hours.
    for (let half = 0; half < 4; half += 1) {
      const sessionId = `s${day}-${half}`;
      p.take(started(sessionId, at + half * 30));
      p.take(ended(sessionId, at + half * 30 + 29));
    }
  }
  grants.forEach((grant, i) =>
    p.take(
      granted({
        ...lot,
        lotId: `l${i}`,
        at: 10 * A_DAY,
        expires: 15 * A_DAY,
        ...grant,
      }),
    ),
  );
  return p.merchant();
}

const NOW_MS = minute(10 * A_DAY);
const of = (merchant: MerchantPromotion) =>
  forecast(merchant, newSharedMemory(), NOW_MS);

describe('what will expire', () => {
  it('is nothing where habits make more room than there is traffic', () => {
    expect(of(streamer([{ amount: 1_000 }]))).toMatchObject({
      enabled: true,
      days: [{ day: '2024-11-26', unit: 'LIVE_IMP', left: 1_000, expiring: 0 }],
      remedies: [],
    });
  });

  it('is what there is no room for, by day; more hours would use it', () => {
    const { days, remedies } = of(streamer([{ amount: 1_000_000 }]));
    const [{ expiring }] = days as [(typeof days)[0]];
    // Five days of streams of two hours, of 10,000 impressions an hour; habits of ten days are trusted nearly whole.
    expect(expiring).toBeGreaterThan(880_000);
    expect(expiring).toBeLessThan(930_000);
    expect(remedies).toEqual([
      {
        kind: 'show_more',
        day: '2024-11-26',
        unit: 'LIVE_IMP',
        uses: expiring,
        hours: { live: Math.ceil(expiring / 10_000), short_video: null },
      },
    ]);
  });

  it('is all of it for want of videos, or of the switch', () => {
    expect(of(streamer([{ unit: 'VIDEO_IMP' }])).days[0]!.expiring).toBe(
      100_000,
    );
    const p = new PromoterInMemory();
    p.merchants.set('m1', streamer([{ amount: 1_000 }]));
    p.take(switchedOff(10 * A_DAY));
    expect(of(p.merchant())).toMatchObject({
      enabled: false,
      days: [{ left: 1_000, expiring: 1_000 }],
      remedies: [{ kind: 'switch_on', uses: 1_000 }],
    });
  });

  it('is more under limits, and they are named', () => {
    const capped = of(
      streamer([{ amount: 20_000 }], { dailyCapImpressions: 1_000 }),
    );
    expect(capped.days[0]!.expiring).toBe(15_000);
    expect(capped.remedies).toEqual([{ kind: 'lift_daily_cap', uses: 15_000 }]);
    expect(
      of(streamer([{ amount: 1_000 }], { placements: ['short_video'] }))
        .remedies,
    ).toEqual([{ kind: 'allow_placements', uses: 1_000 }]);
  });

  it('is less of what expires first, and of what no other unit has to share', () => {
    const { days } = of(
      streamer([
        { amount: 30_000, expires: 13 * A_DAY },
        { amount: 200_000, unit: 'ANY_IMP' },
      ]),
    );
    expect(days).toMatchObject([
      { unit: 'LIVE_IMP', expiring: 0 },
      { unit: 'ANY_IMP', left: 200_000 },
    ]);
  });

  it('says nothing where there are no lots', () => {
    expect(of(streamer([]))).toMatchObject({ days: [], remedies: [] });
  });

  it('is never more than is left, and remedies use just what expires', () => {
    const withoutLots = streamer([]);
    const lotOf = (
      { unit, amount, expires }: Pick<Grant, 'unit' | 'amount' | 'expires'>,
      place: number,
    ) => ({
      lotId: `l${place}`,
      unit,
      program: 'ladder',
      expiresAtMs: minute(expires),
      available: BigInt(amount),
      reserved: 0n,
    });
    const grants = fc.array(
      fc.record({
        unit: fc.constantFrom('LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP'),
        amount: fc.integer({ min: 1, max: 150_000 }),
        expires: fc
          .integer({ min: 1, max: 9 * A_DAY })
          .map((minutes) => 10 * A_DAY + minutes),
      }),
      { maxLength: 5 },
    );
    const limits = fc.constantFrom<AutoPromotionLimits>(
      {},
      { dailyCapImpressions: 2_000 },
      { placements: ['live'] },
    );
    fc.assert(
      fc.property(grants, limits, fc.boolean(), (some, limit, isOff) => {
        const merchant = {
          ...withoutLots,
          autoPromotion: {
            ...withoutLots.autoPromotion,
            enabled: !isOff,
            limits: limit,
          },
          lots: some.map(lotOf),
        };
        const { days, remedies } = of(merchant);
        let expiring = 0;
        for (const day of days) {
          expect(day.expiring).toBeGreaterThanOrEqual(0);
          expect(day.expiring).toBeLessThanOrEqual(day.left);
          expiring += day.expiring;
        }
        const used = remedies.reduce((total, { uses }) => total + uses, 0);
        expect(used).toBe(expiring);
      }),
      { numRuns: 200 },
    );
  });
});

import fc from 'fast-check';
import { planDelivery, type PromotionOrder } from './plan-delivery.js';

const ORDERED_AT_MS = Date.parse('2026-11-11T20:00:00+08:00');
const HOUR_MS = 3_600_000;

const anyOrder: fc.Arbitrary<PromotionOrder> = fc
  .record({
    promotionOrderId: fc.uuid(),
    placement: fc.constantFrom('live', 'short_video'),
    impressions: fc.oneof(
      fc.nat(20),
      fc.nat(100_000),
      fc.maxSafeNat(),
      fc.constant(Number.MAX_SAFE_INTEGER),
    ),
    lifeMs: fc.oneof(fc.integer({ min: -5, max: 20 }), fc.nat(48 * HOUR_MS)),
  })
  .map(({ lifeMs, ...order }) => ({
    ...order,
    orderedAtMs: ORDERED_AT_MS,
    deadlineMs: ORDERED_AT_MS + lifeMs,
  }));

describe('the plan of a delivery', () => {
  it('follows from the order and the seed alone', () => {
    fc.assert(
      fc.property(anyOrder, fc.nat(), (order, seed) => {
        expect(planDelivery({ ...order }, seed)).toEqual(
          planDelivery(order, seed),
        );
      }),
    );
  });

  it('never delivers more than was ordered, and nothing where it rejects', () => {
    fc.assert(
      fc.property(anyOrder, fc.nat(), (order, seed) => {
        const { reports, close } = planDelivery(order, seed);
        const delivered = reports.reduce(
          (sum, { report }) => sum + BigInt(report.impressions),
          0n,
        );
        expect(delivered).toBeLessThanOrEqual(BigInt(order.impressions));
        if (close.reason === 'rejected') expect(reports).toEqual([]);
      }),
    );
  });

  it('reports in order and closes with the last report, all before the deadline', () => {
    fc.assert(
      fc.property(anyOrder, fc.nat(), (order, seed) => {
        const { reports, close } = planDelivery(order, seed);
        const times = reports.map(({ afterMs }) => afterMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.at(-1) ?? close.afterMs).toBe(close.afterMs);
        const lifeMs = Math.max(0, order.deadlineMs - order.orderedAtMs);
        if (lifeMs === 0) expect(close.afterMs).toBe(0);
        else expect(close.afterMs).toBeLessThan(lifeMs);
      }),
    );
  });

  it('reports no empty portion, and no more clicks, orders or money than can be', () => {
    fc.assert(
      fc.property(anyOrder, fc.nat(), (order, seed) => {
        for (const { report } of planDelivery(order, seed).reports) {
          const { impressions, clicks, orders, gmvMinor } = report;
          expect(impressions).toBeGreaterThan(0);
          expect(clicks).toBeLessThanOrEqual(impressions);
          expect(orders).toBeLessThanOrEqual(clicks);
          if (orders === 0) expect(gmvMinor).toBe(0);
          for (const amount of Object.values(report)) {
            expect(amount).toBeGreaterThanOrEqual(0);
            expect(amount).toSatisfy(Number.isSafeInteger);
          }
        }
      }),
    );
  });

  it('delivers most orders whole, some in part, and rejects a few', () => {
    const outcomes = { whole: 0, part: 0, rejected: 0, repeated: 0 };
    for (let number = 0; number < 1_000; number += 1) {
      const { reports, close } = planDelivery(orderOf(`order-${number}`), 1);
      const delivered = reports.reduce(
        (sum, { report }) => sum + report.impressions,
        0,
      );
      if (close.reason === 'rejected') outcomes.rejected += 1;
      else if (delivered === 10_000) outcomes.whole += 1;
      else outcomes.part += 1;
      if (reports.some(({ isRepeated }) => isRepeated)) outcomes.repeated += 1;
    }
    expect(outcomes.whole).toBeGreaterThan(750);
    expect(outcomes.part).toBeGreaterThan(100);
    expect(outcomes.rejected).toBeGreaterThan(2);
    expect(outcomes.rejected).toBeLessThan(30);
    expect(outcomes.repeated).toBeGreaterThan(50);
  });
});

function orderOf(promotionOrderId: string): PromotionOrder {
  return {
    promotionOrderId,
    placement: 'live',
    impressions: 10_000,
    orderedAtMs: ORDERED_AT_MS,
    deadlineMs: ORDERED_AT_MS + HOUR_MS,
  };
}

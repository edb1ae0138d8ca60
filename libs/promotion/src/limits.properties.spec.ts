import fc from 'fast-check';
import { allows } from '@app/contracts';
import type { EntryDraft } from '@app/ledger';
import { anyInputs } from '../test/arbitraries.js';
import { PromoterInMemory } from '../test/promoter-in-memory.js';
import { merchantOf } from './input.js';
import { localDay } from './local-day.js';

/** What a merchant's entries say was ordered and not released, as an auditor adds it up. */
class Ordered {
  readonly #dayAndSessionOf = new Map<string, string[]>();
  readonly #sums = new Map<string, bigint>();

  add({ cause, postings, occurredAtMs }: EntryDraft): void {
    if (cause.type === 'promotion_ordered')
      this.#dayAndSessionOf.set(cause.promotionOrderId, [
        localDay(occurredAtMs),
        cause.sessionId ?? 'none',
      ]);
    if (cause.type !== 'promotion_ordered' && cause.type !== 'promotion_closed')
      return;
    const change = postings
      .filter(({ account }) => account === 'reserved')
      .reduce((sum, { amount }) => sum + amount, 0n);
    for (const key of this.#dayAndSessionOf.get(cause.promotionOrderId)!)
      this.#sums.set(key, this.of(key) + change);
  }

  /** @param key a day or a session */
  of(key: string): bigint {
    return this.#sums.get(key) ?? 0n;
  }
}

describe('whatever limits a merchant sets, and whatever happens', () => {
  it('they hold for every order', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const p = new PromoterInMemory();
        const ordered = new Map<string, Ordered>();
        for (const input of inputs) {
          const merchantId = merchantOf(input)!;
          const sums = ordered.get(merchantId) ?? new Ordered();
          ordered.set(merchantId, sums);
          for (const draft of p.take(input)) {
            sums.add(draft);
            const { limits } = p.merchant(merchantId).autoPromotion;
            const { cause, occurredAtMs } = draft;
            if (cause.type !== 'promotion_ordered') continue;
            expect(allows(limits, cause.placement)).toBe(true);
            expect(sums.of(localDay(occurredAtMs))).toBeLessThanOrEqual(
              BigInt(limits.dailyCapImpressions ?? Number.MAX_SAFE_INTEGER),
            );
            if (cause.sessionId !== undefined)
              expect(sums.of(cause.sessionId)).toBeGreaterThanOrEqual(
                BigInt(limits.minimumImpressionsPerSession ?? 1),
              );
          }
          const { autoPromotion, orders } = p.merchant(merchantId);
          expect(
            orders.every(({ placement }) =>
              allows(autoPromotion.limits, placement),
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

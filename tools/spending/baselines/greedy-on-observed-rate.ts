import {
  DAY_MS,
  hourOfDay,
  localHour,
  type Allocation,
  type MerchantSlot,
  type SlotOutcome,
  type SpendableLot,
  type SpendingPolicy,
} from '@app/promotion';
import { fill } from './fill.js';

/** Of its capacity, what a slot gets that is worse than usual: enough to notice when it has become better. */
const LITTLE = 0.1;

/** What was delivered, and what it brought. */
class Rate {
  #impressions = 0;
  #gmvMinor = 0;

  add({ impressions, gmvMinor }: SlotOutcome): void {
    this.#impressions += impressions;
    this.#gmvMinor += gmvMinor;
  }

  get perImpression(): number {
    return this.#gmvMinor / this.#impressions;
  }
}

/**
 * Fills a slot that promises at least the merchant's mean GMV an impression, judged by what its target has brought, or
 * its placement at that hour of the day, or its placement. A slot of which nothing is known is tried. A worse one gets
 * little, and all that expires within a day.
 */
export class GreedyOnObservedRate implements SpendingPolicy {
  readonly #rates = new Map<string, Rate>();

  meet(): void {}

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    const mean = this.#rates.get(slot.merchantId);
    const promised = keysOf(slot)
      .map((key) => this.#rates.get(key))
      .find((rate) => rate !== undefined);
    if (!mean || !promised || promised.perImpression >= mean.perImpression)
      return fill(slot.capacity, lots);

    let little = Math.ceil(slot.capacity * LITTLE);
    return fill(slot.capacity, lots, ({ expiresAtMs, available }) => {
      if (expiresAtMs - slot.atMs < DAY_MS) return available;
      const given = Math.min(little, available);
      little -= given;
      return given;
    });
  }

  learn(slot: MerchantSlot, outcome: SlotOutcome): void {
    for (const key of [slot.merchantId, ...keysOf(slot)]) {
      let rate = this.#rates.get(key);
      if (!rate) this.#rates.set(key, (rate = new Rate()));
      rate.add(outcome);
    }
  }
}

/** By what a slot is judged, the closest first. */
function keysOf({
  merchantId,
  placement,
  targetId,
  atMs,
}: MerchantSlot): string[] {
  const hour = hourOfDay(localHour(atMs));
  return [
    JSON.stringify([merchantId, placement, targetId]),
    JSON.stringify([merchantId, placement, hour]),
    JSON.stringify([merchantId, placement]),
  ];
}

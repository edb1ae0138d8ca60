import { PLACEMENTS, type Placement } from '@app/contracts';
import type {
  Allocation,
  MerchantSlot,
  SpendableLot,
  SpendingPolicy,
} from '@app/promotion';
import { fill } from './fill.js';

const DAY_MS = 86_400_000;

/** What a merchant's slots measured in all, and since when. */
interface Seen {
  measured: Record<Placement, number>;
  sinceMs: number;
}

/**
 * Spreads each lot over the slots to come by some measure of theirs: a slot gets that share of what is left which the
 * slot is of all that is expected until the lot's last day, this slot included. Expected is what came to the merchant a
 * day, with the mean of all merchants counted in as one day more. On its last day, all of a lot is given: few merchants
 * have slots so often that the last hours could be counted on.
 */
export class Spread implements SpendingPolicy {
  readonly #measure: (slot: MerchantSlot) => number;
  readonly #merchants = new Map<string, Seen>();
  readonly #all: Record<Placement, number> = { live: 0, short_video: 0 };
  #sinceSumMs = 0;

  /** Over time, as much each hour that slots run: those that run side by side share it. */
  static byTime(): Spread {
    return new Spread(({ atMs, untilMs }) => untilMs - atMs);
  }

  static byCapacity(): Spread {
    return new Spread(({ capacity }) => capacity);
  }

  private constructor(measure: (slot: MerchantSlot) => number) {
    this.#measure = measure;
  }

  meet(): void {}

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    const { placement, capacity, atMs } = slot;
    const seen = this.#seen(slot);
    const measured = this.#measure(slot);
    seen.measured[placement] += measured;
    this.#all[placement] += measured;
    return fill(capacity, lots, ({ unit, expiresAtMs, available }) => {
      const days = Math.max(0, (expiresAtMs - atMs) / DAY_MS - 1);
      const placements = unit === 'ANY_IMP' ? PLACEMENTS : [placement];
      let expected = measured;
      for (const one of placements)
        expected += this.#perDay(seen, one, atMs) * days;
      return Math.ceil(available * (measured / expected));
    });
  }

  learn(): void {}

  #seen({ merchantId, atMs }: MerchantSlot): Seen {
    let seen = this.#merchants.get(merchantId);
    if (!seen) {
      seen = { measured: { live: 0, short_video: 0 }, sinceMs: atMs };
      this.#merchants.set(merchantId, seen);
      this.#sinceSumMs += atMs;
    }
    return seen;
  }

  #perDay(seen: Seen, placement: Placement, nowMs: number): number {
    const merchants = this.#merchants.size;
    const merchantDays = (merchants * nowMs - this.#sinceSumMs) / DAY_MS;
    const ofAll = this.#all[placement] / (merchantDays + merchants);
    const days = (nowMs - seen.sinceMs) / DAY_MS;
    return (seen.measured[placement] + ofAll) / (days + 1);
  }
}

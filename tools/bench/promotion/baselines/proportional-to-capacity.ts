import { PLACEMENTS, type Placement } from '@app/contracts';
import type {
  Allocation,
  Slot,
  SpendableLot,
  SpendingPolicy,
} from '@app/promotion';
import { fill } from './fill.js';

const DAY_MS = 86_400_000;

/** Capacity that came, and days in which it could have come. */
interface Seen {
  capacity: Record<Placement, number>;
  sinceMs: number;
}

/**
 * Gives a slot that share of a lot which the slot's capacity is of all that is expected until the lot expires: what
 * comes to the merchant a day, the mean of all merchants counted in as one day more.
 */
export class ProportionalToCapacity implements SpendingPolicy {
  readonly #merchants = new Map<string, Seen>();
  readonly #capacityOfAll: Record<Placement, number> = {
    live: 0,
    short_video: 0,
  };
  #merchantsSince = 0;
  #sinceSumMs = 0;

  meet(): void {}

  decide(slot: Slot, lots: readonly SpendableLot[]): Allocation[] {
    const { placement, capacity, atMs } = slot;
    const seen = this.#seen(slot);
    seen.capacity[placement] += capacity;
    this.#capacityOfAll[placement] += capacity;
    return fill(capacity, lots, ({ unit, expiresAtMs, available }) => {
      const days = (expiresAtMs - atMs) / DAY_MS;
      const placements: readonly Placement[] =
        unit === 'ANY_IMP' ? PLACEMENTS : [placement];
      const expected = placements.reduce(
        (sum, one) => sum + this.#perDay(seen, one, atMs) * days,
        0,
      );
      return Math.ceil((available * capacity) / (capacity + expected));
    });
  }

  learn(): void {}

  #seen({ merchantId, atMs }: Slot): Seen {
    let seen = this.#merchants.get(merchantId);
    if (!seen) {
      seen = { capacity: { live: 0, short_video: 0 }, sinceMs: atMs };
      this.#merchants.set(merchantId, seen);
      this.#merchantsSince += 1;
      this.#sinceSumMs += atMs;
    }
    return seen;
  }

  #perDay(seen: Seen, placement: Placement, nowMs: number): number {
    const merchantDays =
      (this.#merchantsSince * nowMs - this.#sinceSumMs) / DAY_MS;
    const ofAll =
      this.#capacityOfAll[placement] / (merchantDays + this.#merchantsSince);
    const days = (nowMs - seen.sinceMs) / DAY_MS;
    return (seen.capacity[placement] + ofAll) / (days + 1);
  }
}

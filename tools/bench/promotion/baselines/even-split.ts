import type {
  Allocation,
  Slot,
  SpendableLot,
  SpendingPolicy,
} from '@app/promotion';
import { fill } from './fill.js';

interface Start {
  atMs: number;
  amount: number;
}

/**
 * Spreads each lot evenly over its life, from the first slot that could take of it until it expires. A slot gets what
 * falls due until its end and was not given yet: so slots that run side by side share it, and what fell due while none
 * ran, or none had room, goes to the next.
 */
export class EvenSplit implements SpendingPolicy {
  readonly #starts = new Map<string, Map<string, Start>>();

  meet(merchantId: string): void {
    this.#starts.set(merchantId, new Map());
  }

  decide(slot: Slot, lots: readonly SpendableLot[]): Allocation[] {
    const starts = this.#starts.get(slot.merchantId)!;
    for (const { lotId, available } of lots)
      if (!starts.has(lotId))
        starts.set(lotId, { atMs: slot.atMs, amount: available });
    return fill(slot.capacity, lots, ({ lotId, expiresAtMs, available }) => {
      const { atMs, amount } = starts.get(lotId)!;
      const share = (slot.untilMs - atMs) / (expiresAtMs - atMs);
      const given = amount - available;
      return amount * Math.min(1, share) - given;
    });
  }

  learn(): void {}
}

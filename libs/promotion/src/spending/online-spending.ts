import { allocate } from './allocate.js';
import {
  newMerchantMemory,
  newSharedMemory,
  type MerchantMemory,
} from './memory.js';
import { learnResponse } from './response.js';
import type {
  Allocation,
  MerchantSlot,
  SlotOutcome,
  SpendableLot,
  SpendingPolicy,
} from './spending-policy.js';

/** What the projector spends by, with memories of its own. */
export class OnlineSpending implements SpendingPolicy {
  readonly #merchants = new Map<string, MerchantMemory>();
  readonly #shared = newSharedMemory();

  meet(merchantId: string, category: string): void {
    this.#merchants.set(merchantId, newMerchantMemory(category));
  }

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    return allocate(slot, lots, this.#of(slot), this.#shared).allocations;
  }

  learn(slot: MerchantSlot, outcome: SlotOutcome): void {
    learnResponse(slot, outcome, this.#of(slot), this.#shared);
  }

  #of({ merchantId }: MerchantSlot): MerchantMemory {
    const merchant = this.#merchants.get(merchantId);
    if (!merchant) throw new Error(`nobody has met merchant ${merchantId}`);
    return merchant;
  }
}

import type {
  Allocation,
  MerchantSlot,
  SpendableLot,
  SpendingPolicy,
} from '@app/promotion';
import { fill } from './fill.js';

/** Fills every slot while there is anything to fill it with. */
export class AsSoonAsPossible implements SpendingPolicy {
  meet(): void {}

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    return fill(slot.capacity, lots);
  }

  learn(): void {}
}

import type {
  Allocation,
  MerchantSlot,
  SpendableLot,
  SpendingPolicy,
} from '@app/promotion';
import { fill } from './fill.js';

const LAST_DAY_MS = 86_400_000;

/** As soon as possible, but what may go to either placement is kept for streams until its last day. */
export class LiveFirst implements SpendingPolicy {
  meet(): void {}

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    if (slot.placement === 'live') return fill(slot.capacity, lots);
    return fill(
      slot.capacity,
      lots.filter(
        ({ unit, expiresAtMs }) =>
          unit !== 'ANY_IMP' || expiresAtMs - slot.atMs < LAST_DAY_MS,
      ),
    );
  }

  learn(): void {}
}

import {
  isReported,
  probeOf,
  probeSeedOf,
  type MerchantMemory,
  type Slot,
} from '../spending/index.js';

/** Of fewer impressions a report says hardly anything: not one in a hundred leads to an order. */
export const LEAST_ORDER = 200;

/** What a slot is given however little is expected of it. */
export interface OrderProbe {
  impressions: number;
  /** What it was drawn with; null where it was not drawn. */
  seed: string | null;
}

/** A new target is tried at once, and then now and then. */
export function probeByOrder(slot: Slot, memory: MerchantMemory): OrderProbe {
  return isReported(slot, memory)
    ? {
        impressions: probeOf(slot, LEAST_ORDER),
        seed: probeSeedOf(slot, LEAST_ORDER),
      }
    : { impressions: Math.min(slot.capacity, LEAST_ORDER), seed: null };
}

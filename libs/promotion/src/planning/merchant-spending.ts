import { copyJson } from '../copy-json.js';
import {
  newMerchantMemory,
  type MerchantMemory,
  type Slot,
  type TargetKind,
} from '../spending/index.js';

/** What planning remembers of one merchant. Plain JSON. */
export interface MerchantSpending {
  memory: MerchantMemory;
  /** How many impressions an hour a target of a kind is thought to take. */
  roomPerHour: Partial<Record<TargetKind, number>>;
  /** When the slot ends that a target was last planned for, by {@link targetKey}: the next one begins then. */
  slotEndsMs: Record<string, number>;
  /**
   * The targets, by {@link targetKey}, whose slot was given nothing for want of traffic or by the limits, or was ended by
   * the merchant: it begins anew when it may.
   */
  unfunded: string[];
}

/** A stream and a video may have the same id, and one may be called `__proto__`: publishers choose the ids. */
export function targetKey({
  placement,
  targetId,
}: Pick<Slot, 'placement' | 'targetId'>): string {
  return `${placement}/${targetId}`;
}

/** Of a merchant whose registration was not heard of. */
const UNKNOWN_CATEGORY = 'unknown';

export function newMerchantSpending(): MerchantSpending {
  return {
    memory: newMerchantMemory(UNKNOWN_CATEGORY),
    roomPerHour: {},
    slotEndsMs: {},
    unfunded: [],
  };
}

/** One's own, to be changed in place. */
export function copyOf(
  spending: MerchantSpending | null,
  category: string | null,
): MerchantSpending {
  return inCategory(
    spending ? copyJson(spending) : newMerchantSpending(),
    category,
  );
}

/** Of a merchant who may have registered anew meanwhile. Changed in place. */
export function inCategory(
  spending: MerchantSpending,
  category: string | null,
): MerchantSpending {
  spending.memory.category = category ?? UNKNOWN_CATEGORY;
  return spending;
}

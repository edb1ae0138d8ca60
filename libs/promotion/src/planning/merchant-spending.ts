import { copyJson } from '../copy-json.js';
import {
  newMerchantMemory,
  type MerchantMemory,
  type TargetKind,
} from '../spending/index.js';

/** What planning remembers of one merchant. Plain JSON. */
export interface MerchantSpending {
  memory: MerchantMemory;
  /** How many impressions an hour a target of a kind is thought to take. */
  roomPerHour: Partial<Record<TargetKind, number>>;
  /** When the slot ends that a target was last planned for, by its id: the next one begins then. */
  slotEndsMs: Record<string, number>;
  /** The targets, by id, whose slot found nothing to spend: with the next grant it begins anew. */
  unfunded: string[];
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
  const copy = spending ? copyJson(spending) : newMerchantSpending();
  copy.memory.category = category ?? UNKNOWN_CATEGORY;
  return copy;
}

import type { ClipKind, Placement, Unit } from '@app/contracts';

/** What traffic can be shown with: a running stream, a video, or a clip cut from a stream. */
export type TargetKind = 'session' | 'video' | 'clip';

/** Room for traffic at one target for a while, as far as it can be known when it begins. */
export interface Slot {
  placement: Placement;
  targetId: string;
  targetKind: TargetKind;
  /** What a clip shows of its stream, where that is known; of clips alone. */
  clipKind?: ClipKind;
  /** Milliseconds since the epoch, like all instants here; the slot ends before `untilMs`. */
  atMs: number;
  untilMs: number;
  /** The most impressions that it takes. */
  capacity: number;
}

/** A slot, and whose it is. */
export interface MerchantSlot extends Slot {
  merchantId: string;
}

/** A lot as spending sees it. Amounts are impressions, whole numbers up to 2^53 - 1. */
export interface SpendableLot {
  lotId: string;
  unit: Exclude<Unit, 'CNY'>;
  /** It may be given to slots that begin before. */
  expiresAtMs: number;
  available: number;
}

/** How much of a lot goes to a slot. */
export interface Allocation {
  lotId: string;
  impressions: number;
}

/** What came of what was given to a slot. */
export interface SlotOutcome {
  impressions: number;
  /** In fen. */
  gmvMinor: number;
  /** How many orders it is of, where that was reported. */
  orders?: number;
}

/** Decides what a merchant's traffic is spent on, slot by slot, without knowing what comes. */
export interface SpendingPolicy {
  /** A merchant is there, ahead of all else that is said of it. */
  meet(merchantId: string, category: string): void;
  /**
   * A slot begins. It is asked for every slot, also while the merchant has nothing to spend: slots that come tell of
   * those that will.
   *
   * @param lots all that the merchant has left and that has not expired, of any unit, first-expiring first
   * @returns from lots of a unit that the placement takes, at most the slot's capacity in all, and of each lot at most
   *   what is left
   */
  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[];
  /** A slot has ended that something was given to. */
  learn(slot: MerchantSlot, outcome: SlotOutcome): void;
}

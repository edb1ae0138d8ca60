import { fractionAt } from './depth.js';
import { passTime, noticeSlot } from './habits.js';
import type { MerchantMemory, SharedMemory } from './memory.js';
import { outlookOf } from './outlook.js';
import { pricesOf } from './prices.js';
import { probeOf } from './probe.js';
import {
  believeRate,
  spendingSteepnessOf,
  type RateBelief,
} from './response.js';
import type { Allocation, Slot, SpendableLot } from './spending-policy.js';
import { mayBeSpentIn } from './units.js';

/** What is given to a slot, and the numbers that it was decided on. */
export interface SpendingDecision {
  allocations: Allocation[];
  /** How many impressions the price alone would have given: what is beyond them is given to find out. */
  priced: number;
  /** GMV in fen per thousand impressions that is expected of the slot's first. */
  rate: number;
  /** By how large a factor the rate may be off: one standard deviation. */
  rateSpread: number;
  /** What the merchant's lots of the placement's own unit, and those for either placement, bring elsewhere: null for none. */
  ownPrice: number | null;
  anyPrice: number | null;
}

/**
 * Decides what a slot is given, and remembers that it was there. The memories are changed in place.
 *
 * Traffic has a price: what the merchant's lots are expected to bring elsewhere until they expire. The slot is given
 * traffic until what the next impression brings has fallen to the price. The price is the dual of spending all lots
 * over all the room that habits make expect, in the mean of some scenarios, solved anew at each slot for what is left
 * of both: re-solving a plan loses little against knowing the future (S. Jasin and S. Kumar, "A Re-Solving Heuristic
 * with Bounded Revenue Loss for Network Revenue Management with Customer Choice", Mathematics of Operations Research
 * 37(2), 2012), and days that have passed are enough to learn the plan from (S. Balseiro, R. Kumar, V. Mirrokni,
 * B. Sivan and D. Wang, "Robust Budget Pacing with a Single Sample", ICML 2023).
 *
 * @param lots all that the merchant has left, of any unit, first-expiring first
 * @param probe what it is given whatever is expected, as far as lots reach: at most its capacity
 * @param share of the slot's time, in which no slot of the target's was decided on yet
 */
export function allocate(
  slot: Slot,
  lots: readonly SpendableLot[],
  merchant: MerchantMemory,
  shared: SharedMemory,
  probe = probeOf(slot),
  share = 1,
): SpendingDecision {
  const { placement, atMs, capacity } = slot;
  passTime(merchant, shared, 'live', atMs);
  passTime(merchant, shared, 'short_video', atMs);
  const belief = believeRate(slot, merchant, shared);
  noticeSlot(slot, belief, merchant, shared, share);
  if (lots.length === 0) return nothingToGive(belief);
  const steepness = spendingSteepnessOf(shared, placement);
  const elsewhere = placement === 'live' ? 'short_video' : 'live';
  const prices = pricesOf(
    lots,
    { impressions: capacity, logRate: belief.mean, steepness },
    outlookOf(merchant, shared, placement, atMs),
    outlookOf(merchant, shared, elsewhere, atMs),
  );
  const wantedAt = (logPrice: number) =>
    Math.floor(capacity * fractionAt(belief.mean, logPrice, steepness));
  return {
    ...fillOrProbe(
      lots.filter(({ unit }) => mayBeSpentIn(unit, placement)),
      { own: wantedAt(prices.own), any: wantedAt(prices.any) },
      probe,
    ),
    ...rateOf(belief),
    ownPrice: finite(prices.own),
    anyPrice: finite(prices.any),
  };
}

function nothingToGive(belief: RateBelief): SpendingDecision {
  return {
    allocations: [],
    priced: 0,
    ...rateOf(belief),
    ownPrice: null,
    anyPrice: null,
  };
}

function rateOf({ mean, variance }: RateBelief) {
  return {
    rate: Math.exp(mean),
    rateSpread: Math.exp(Math.sqrt(variance)),
  };
}

/** How much of the slot is to be filled, in all, with a placement's own impressions and with those for either. */
interface Wanted {
  own: number;
  any: number;
}

function wantedOf({ unit }: SpendableLot, { own, any }: Wanted): number {
  return unit === 'ANY_IMP' ? any : own;
}

/** What the prices want, and no less than the probe. */
function fillOrProbe(
  lots: readonly SpendableLot[],
  wanted: Wanted,
  probe: number,
): Pick<SpendingDecision, 'allocations' | 'priced'> {
  const { own, any } = wanted;
  const allocations = fill(lots, {
    own: Math.max(probe, own),
    any: Math.max(probe, any),
  });
  const byPrice = probe > Math.min(own, any) ? fill(lots, wanted) : allocations;
  return { allocations, priced: totalOf(byPrice) };
}

/** Takes from the lots, first-expiring first and the placement's own ahead of others, as much as is wanted of their unit. */
function fill(lots: readonly SpendableLot[], wanted: Wanted): Allocation[] {
  const inTurn = lots.toSorted(
    (a, b) =>
      wantedOf(b, wanted) - wantedOf(a, wanted) ||
      a.expiresAtMs - b.expiresAtMs,
  );
  const allocations: Allocation[] = [];
  let given = 0;
  for (const lot of inTurn) {
    const impressions = Math.min(lot.available, wantedOf(lot, wanted) - given);
    if (impressions <= 0) continue;
    allocations.push({ lotId: lot.lotId, impressions });
    given += impressions;
  }
  return allocations;
}

/** Impressions in all. */
export function totalOf(allocations: readonly Allocation[]): number {
  return allocations.reduce((total, { impressions }) => total + impressions, 0);
}

function finite(logPrice: number): number | null {
  return logPrice === Infinity ? null : Math.exp(logPrice);
}

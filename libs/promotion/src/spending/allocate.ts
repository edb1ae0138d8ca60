import type { Placement } from '@app/contracts';
import { fractionAt } from './depth.js';
import { passTime, noticeSlot } from './habits.js';
import type { MerchantMemory, SharedMemory } from './memory.js';
import { roomToCome, type Room } from './outlook.js';
import { logPriceOf } from './price.js';
import { believeRate, steepnessOf } from './response.js';
import type { Allocation, Slot, SpendableLot } from './spending-policy.js';

/** What is given to a slot, and the numbers that it was decided on. */
export interface SpendingDecision {
  allocations: Allocation[];
  /** GMV in fen per thousand impressions that is expected of the slot's first. */
  rate: number;
  /** By how large a factor the rate may be off: one standard deviation. */
  rateSpread: number;
  /** What the merchant's lots of the placement's own unit, and those for either placement, bring elsewhere: null for none. */
  ownPrice: number | null;
  anyPrice: number | null;
}

/** A share of a slot that is given it however little is expected: what nobody has tried nobody knows. */
const PROBE_SHARE = 0.002;
const LEAST_PROBE = 20;

/**
 * Decides what a slot is given, and remembers that it was there. The memories are changed in place.
 *
 * Traffic has a price: what the merchant's lots are expected to bring elsewhere until they expire. The slot is given
 * traffic until what the next impression brings has fallen to the price. The price is the dual of spending all lots
 * over all the room that habits make expect, solved anew at each slot for what is left of both: re-solving a
 * certainty-equivalent plan loses little against knowing the future (S. Jasin and S. Kumar, "A Re-Solving Heuristic
 * with Bounded Revenue Loss for Network Revenue Management with Customer Choice", Mathematics of Operations Research
 * 37(2), 2012), and days that have passed are enough to learn the plan from (S. Balseiro, R. Kumar, V. Mirrokni,
 * B. Sivan and D. Wang, "Robust Budget Pacing with a Single Sample", ICML 2023).
 *
 * @param lots all that the merchant has left, of any unit, first-expiring first
 * @param leastProbe so many impressions are worth a report; each slot is given them while there are any
 */
export function allocate(
  slot: Slot,
  lots: readonly SpendableLot[],
  merchant: MerchantMemory,
  shared: SharedMemory,
  leastProbe = LEAST_PROBE,
): SpendingDecision {
  const { placement, atMs, capacity } = slot;
  passTime(merchant, shared, 'live', atMs);
  passTime(merchant, shared, 'short_video', atMs);
  const belief = believeRate(slot, merchant, shared);
  noticeSlot(slot, belief, merchant, shared);
  const steepness = steepnessOf(shared, placement);
  const here = { impressions: capacity, logRate: belief.mean, steepness };
  const prices = pricesOf(lots, placement, here, (side, beforeMs) =>
    roomToCome(merchant, shared, side, atMs, beforeMs),
  );
  const probe = Math.min(
    capacity,
    Math.max(leastProbe, Math.ceil(PROBE_SHARE * capacity)),
  );
  const wantedAt = (logPrice: number): number =>
    Math.max(
      probe,
      Math.floor(capacity * fractionAt(belief.mean, logPrice, steepness)),
    );
  return {
    allocations: fill(
      lots.filter(({ unit }) => mayBeSpentIn(unit, placement)),
      (unit) => wantedAt(unit === 'ANY_IMP' ? prices.any : prices.own),
    ),
    rate: Math.exp(belief.mean),
    rateSpread: Math.exp(Math.sqrt(belief.variance)),
    ownPrice: finite(prices.own),
    anyPrice: finite(prices.any),
  };
}

/** Whether impressions of a unit may be spent in a placement. */
export function mayBeSpentIn(
  unit: SpendableLot['unit'],
  placement: Placement,
): boolean {
  return unit === 'ANY_IMP' || (unit === 'LIVE_IMP') === (placement === 'live');
}

/**
 * The prices of the lots for this placement alone and of those for either. Impressions for either placement go where
 * they are dearer; where that is both, all lots have one price.
 */
function pricesOf(
  lots: readonly SpendableLot[],
  placement: Placement,
  here: Room,
  roomBefore: (placement: Placement, beforeMs: number) => readonly Room[],
): { own: number; any: number } {
  const other = placement === 'live' ? 'short_video' : 'live';
  const isAny = ({ unit }: SpendableLot) => unit === 'ANY_IMP';
  const isOwn = (lot: SpendableLot) =>
    !isAny(lot) && mayBeSpentIn(lot.unit, placement);
  const isOther = (lot: SpendableLot) => !isAny(lot) && !isOwn(lot);
  const hereOnly = (beforeMs: number) => [
    ...roomBefore(placement, beforeMs),
    here,
  ];
  const thereOnly = (beforeMs: number) => roomBefore(other, beforeMs);

  const own = logPriceOf(lots.filter(isOwn), hereOnly);
  if (!lots.some(isAny)) return { own, any: Infinity };
  const common = logPriceOf(lots, (beforeMs) => [
    ...hereOnly(beforeMs),
    ...thereOnly(beforeMs),
  ]);
  if (own < common)
    return {
      own,
      any: logPriceOf(
        lots.filter((lot) => !isOwn(lot)),
        thereOnly,
      ),
    };
  if (logPriceOf(lots.filter(isOther), thereOnly) < common) {
    const price = logPriceOf(
      lots.filter((lot) => !isOther(lot)),
      hereOnly,
    );
    return { own: price, any: price };
  }
  return { own: common, any: common };
}

/** Takes from the lots, first-expiring first and the placement's own ahead of others, as much as is wanted of their unit. */
function fill(
  lots: readonly SpendableLot[],
  wanted: (unit: SpendableLot['unit']) => number,
): Allocation[] {
  const inTurn = lots.toSorted(
    (a, b) => wanted(b.unit) - wanted(a.unit) || a.expiresAtMs - b.expiresAtMs,
  );
  const allocations: Allocation[] = [];
  let given = 0;
  for (const { lotId, unit, available } of inTurn) {
    const impressions = Math.min(available, wanted(unit) - given);
    if (impressions <= 0) continue;
    allocations.push({ lotId, impressions });
    given += impressions;
  }
  return allocations;
}

function finite(logPrice: number): number | null {
  return logPrice === Infinity ? null : Math.exp(logPrice);
}

import type { Placement } from '@app/contracts';
import { fractionAt } from './depth.js';
import type { Outlook } from './outlook.js';
import { MOST_RELATIVE_RATE } from './rate-bins.js';
import { shareBeingFilledAt, shareFilledAt } from './rate-shares.js';
import type { SpendableLot } from './spending-policy.js';

/** The room of the slot that is decided on. */
export interface RoomHere {
  impressions: number;
  /** The natural logarithm of the GMV in fen per thousand impressions of the first impression. */
  logRate: number;
  steepness: number;
}

/** Where lots may go: here, unless it is null, and to what is to come in some placements. */
export interface Places {
  here: RoomHere | null;
  outlooks: readonly Outlook[];
}

/** A lot, and the impressions of room before it expires, by placement and scenario. */
export interface LotWithRoom extends SpendableLot {
  rooms: Record<Placement, readonly number[]>;
}

/** Nobody waits for better room than the best two-hundredth: of rarer room too little is known to count on it. */
export const BEST_SHARE = 1 / 200;
/** How near demand has to come, as a share of what there is, and in how many steps at most. */
export const NEAR_ENOUGH = 1e-4;
export const MOST_STEPS = 40;

/**
 * The natural logarithm of the price of lots now, in a scenario: the price at which what they may go to takes up just
 * so many impressions, each room filled until what the next impression brings has fallen to it. Lots that expire by
 * some instant have to find room before it, together with all that expire earlier: each instant of expiry makes a
 * price, and the lowest of them holds until its instant has passed. Minus infinity where there is room for all,
 * infinite where there are no lots.
 *
 * @param lots in the order they expire
 */
export function logPriceOf(
  lots: readonly LotWithRoom[],
  places: Places,
  scenario: number,
): number {
  let lowest = Infinity;
  let impressions = 0;
  for (let index = 0; index < lots.length; index += 1) {
    const lot = lots[index]!;
    impressions += lot.available;
    if (lots[index + 1]?.expiresAtMs === lot.expiresAtMs) continue;
    const room = roomUntil(lot, places, scenario);
    const sought = Math.max(impressions, room * BEST_SHARE);
    if (room <= sought) return -Infinity;
    if (
      lowest < Infinity &&
      demandAt(places, lot, scenario, lowest).impressions >= sought
    )
      continue;
    lowest = clearingLogPrice(places, lot, scenario, sought, {
      low: lowestRate(places),
      high: Math.min(lowest, highestRate(places)),
    });
  }
  return lowest;
}

/** All of the room there is before a lot expires. */
function roomUntil(
  { rooms }: LotWithRoom,
  { here, outlooks }: Places,
  scenario: number,
): number {
  let all = here?.impressions ?? 0;
  for (const { placement } of outlooks) all += rooms[placement][scenario]!;
  return all;
}

/**
 * Where demand, which falls with the price, is what is sought: by Newton's method, kept between two prices that lie to
 * either side of it. Demand is straight but for its kinks, so that a few steps find it.
 *
 * @param between two prices: at the lower one there is more demand, at the higher one less
 */
function clearingLogPrice(
  places: Places,
  lot: LotWithRoom,
  scenario: number,
  sought: number,
  between: { low: number; high: number },
): number {
  let { low, high } = between;
  let price = (low + high) / 2;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { impressions, slope } = demandAt(places, lot, scenario, price);
    const excess = impressions - sought;
    if (Math.abs(excess) <= NEAR_ENOUGH * sought) break;
    if (excess > 0) low = price;
    else high = price;
    price -= excess / slope;
    if (!(price > low && price < high)) price = (low + high) / 2;
  }
  return price;
}

interface Demand {
  impressions: number;
  /** Its derivative by the logarithm of the price. */
  slope: number;
}

function demandAt(
  { here, outlooks }: Places,
  { rooms }: LotWithRoom,
  scenario: number,
  logPrice: number,
): Demand {
  let impressions = 0;
  let slope = 0;
  if (here) {
    const { logRate, steepness } = here;
    const fraction = fractionAt(logRate, logPrice, steepness);
    impressions = here.impressions * fraction;
    if (fraction > 0 && fraction < 1) slope = -here.impressions / steepness;
  }
  for (const { placement, rates, logLevel, steepness } of outlooks) {
    const room = rooms[placement][scenario]!;
    const relative = logPrice - logLevel;
    impressions += room * shareFilledAt(rates, relative, steepness);
    slope -=
      (room * shareBeingFilledAt(rates, relative, steepness)) / steepness;
  }
  return { impressions, slope };
}

function lowestRate({ here, outlooks }: Places): number {
  let lowest = here ? here.logRate - here.steepness : Infinity;
  for (const { logLevel, steepness } of outlooks)
    lowest = Math.min(lowest, logLevel - MOST_RELATIVE_RATE - steepness);
  return lowest;
}

function highestRate({ here, outlooks }: Places): number {
  let highest = here ? here.logRate : -Infinity;
  for (const { logLevel } of outlooks)
    highest = Math.max(highest, logLevel + MOST_RELATIVE_RATE);
  return highest;
}

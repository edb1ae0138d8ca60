import type { Placement } from '@app/contracts';
import { fractionAt } from './depth.js';
import type { Outlook } from './outlook.js';
import { MOST_RELATIVE_RATE } from './rate-bins.js';
import { shareFilledAt } from './rate-shares.js';
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
const BEST_SHARE = 1 / 200;
/** How near demand has to come, as a share of what there is, and in how many steps at most. */
const NEAR_ENOUGH = 1e-4;
const MOST_STEPS = 40;

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
    const demand =
      lowest < Infinity ? demandAt(places, lot, scenario, lowest) : 0;
    if (demand >= sought) continue;
    lowest = clearingLogPrice(places, lot, scenario, sought, {
      low: lowestRate(places),
      high: Math.min(lowest, highestRate(places)),
      demandAtHigh: demand,
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
 * Where demand, which falls with the price, is what is sought: by the Illinois method, which takes a straight line
 * between two prices, and halves the weight of one that stays (M. Dowell and P. Jarratt, BIT 11, 1971).
 *
 * @param from a price at which all room is taken, and a higher one with the impressions that are demanded at it
 */
function clearingLogPrice(
  places: Places,
  lot: LotWithRoom,
  scenario: number,
  sought: number,
  from: { low: number; high: number; demandAtHigh: number },
): number {
  let { low, high } = from;
  let above = roomUntil(lot, places, scenario) - sought;
  let below = from.demandAtHigh - sought;
  let wasAbove: boolean | null = null;
  let price = high;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    price = high - (below * (high - low)) / (below - above);
    const excess = demandAt(places, lot, scenario, price) - sought;
    if (Math.abs(excess) <= NEAR_ENOUGH * sought) break;
    const isAbove = excess > 0;
    if (isAbove) {
      low = price;
      above = excess;
      if (wasAbove === true) below /= 2;
    } else {
      high = price;
      below = excess;
      if (wasAbove === false) above /= 2;
    }
    wasAbove = isAbove;
  }
  return price;
}

function demandAt(
  { here, outlooks }: Places,
  { rooms }: LotWithRoom,
  scenario: number,
  logPrice: number,
): number {
  let demand = here
    ? here.impressions * fractionAt(here.logRate, logPrice, here.steepness)
    : 0;
  for (const { placement, rates, logLevel, steepness } of outlooks)
    demand +=
      rooms[placement][scenario]! *
      shareFilledAt(rates, logPrice - logLevel, steepness);
  return demand;
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

import { fractionAt } from './depth.js';
import type { Outlook } from './outlook.js';
import { MOST_RELATIVE_RATE } from './rate-bins.js';
import { shareFilledAt } from './rate-shares.js';
import { roomInScenario } from './scenarios.js';
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
  lots: readonly SpendableLot[],
  places: Places,
  deviate: number,
): number {
  let lowest = Infinity;
  let impressions = 0;
  for (let index = 0; index < lots.length; index += 1) {
    const { available, expiresAtMs } = lots[index]!;
    impressions += available;
    if (lots[index + 1]?.expiresAtMs === expiresAtMs) continue;
    const rooms = places.outlooks.map((outlook) =>
      roomInScenario(outlook, expiresAtMs, deviate),
    );
    const sought = Math.max(impressions, bestRoom(places, rooms));
    const demand = (logPrice: number) => demandAt(places, rooms, logPrice);
    if (lowest < Infinity && demand(lowest) >= sought) continue;
    lowest = clearingLogPrice(demand, sought, {
      low: lowestRate(places),
      high: Math.min(lowest, highestRate(places)),
    });
    if (lowest === -Infinity) return lowest;
  }
  return lowest;
}

/** The part of the room that is worth waiting for. */
function bestRoom({ here }: Places, rooms: readonly number[]): number {
  let all = here?.impressions ?? 0;
  for (const room of rooms) all += room;
  return all * BEST_SHARE;
}

/**
 * Where demand, which falls with the price, is what there is: by the Illinois method, which takes a straight line
 * between two prices, and halves the weight of one that stays (M. Dowell and P. Jarratt, BIT 11, 1971).
 */
function clearingLogPrice(
  demand: (logPrice: number) => number,
  impressions: number,
  { low, high }: { low: number; high: number },
): number {
  let above = demand(low) - impressions;
  if (above <= 0) return -Infinity;
  let below = demand(high) - impressions;
  let wasAbove: boolean | null = null;
  let price = high;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    price = high - (below * (high - low)) / (below - above);
    const excess = demand(price) - impressions;
    if (Math.abs(excess) <= NEAR_ENOUGH * impressions) break;
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
  rooms: readonly number[],
  logPrice: number,
): number {
  let demand = here
    ? here.impressions * fractionAt(here.logRate, logPrice, here.steepness)
    : 0;
  for (let index = 0; index < rooms.length; index += 1) {
    const { rates, logLevel, steepness } = outlooks[index]!;
    demand +=
      rooms[index]! * shareFilledAt(rates, logPrice - logLevel, steepness);
  }
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

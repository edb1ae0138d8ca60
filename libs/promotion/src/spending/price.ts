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

const BISECTIONS = 18;

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
    const demand = (logPrice: number) => demandAt(places, rooms, logPrice);
    if (lowest < Infinity && demand(lowest) >= impressions) continue;
    lowest = clearingLogPrice(demand, impressions, {
      low: lowestRate(places),
      high: Math.min(lowest, highestRate(places)),
    });
    if (lowest === -Infinity) return lowest;
  }
  return lowest;
}

function clearingLogPrice(
  demand: (logPrice: number) => number,
  impressions: number,
  { low, high }: { low: number; high: number },
): number {
  if (demand(low) <= impressions) return -Infinity;
  for (let round = 0; round < BISECTIONS; round += 1) {
    const price = (low + high) / 2;
    if (demand(price) > impressions) low = price;
    else high = price;
  }
  return (low + high) / 2;
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
  return Math.min(
    here ? here.logRate - here.steepness : Infinity,
    ...outlooks.map(
      ({ logLevel, steepness }) => logLevel - MOST_RELATIVE_RATE - steepness,
    ),
  );
}

function highestRate({ here, outlooks }: Places): number {
  return Math.max(
    here ? here.logRate : -Infinity,
    ...outlooks.map(({ logLevel }) => logLevel + MOST_RELATIVE_RATE),
  );
}

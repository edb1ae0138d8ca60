import { fractionAt } from './depth.js';
import type { Room } from './outlook.js';
import type { SpendableLot } from './spending-policy.js';

const BISECTIONS = 24;
/** Nobody waits for better room than the best twentieth: of rarer room too little is known to count on it. */
const BEST_SHARE = 1 / 20;

/**
 * The natural logarithm of the price at which the rooms take up just so many impressions: each room is filled until
 * what the next impression brings has fallen to the price, so that it is the same everywhere. Minus infinity where
 * there is room for all.
 */
export function clearingLogPrice(
  rooms: readonly Room[],
  impressions: number,
): number {
  let all = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const { impressions: room, logRate, steepness } of rooms) {
    all += room;
    low = Math.min(low, logRate - steepness);
    high = Math.max(high, logRate);
  }
  if (all <= impressions) return -Infinity;
  const sought = Math.max(impressions, all * BEST_SHARE);
  for (let round = 0; round < BISECTIONS; round += 1) {
    const price = (low + high) / 2;
    if (demandAt(rooms, price) > sought) low = price;
    else high = price;
  }
  // Rather a little too low: what is then wanted beyond what there is, nobody gets.
  return low;
}

function demandAt(rooms: readonly Room[], logPrice: number): number {
  let demand = 0;
  for (const { impressions, logRate, steepness } of rooms)
    demand += impressions * fractionAt(logRate, logPrice, steepness);
  return demand;
}

/**
 * The price of lots now. Lots that expire by some instant have to find room before it, together with all that expire
 * earlier: each instant of expiry makes a price, and the lowest of them holds until its instant has passed. Infinite
 * where there are no lots.
 *
 * @param lots in the order they expire
 * @param roomBefore what room there is from now to an instant
 */
export function logPriceOf(
  lots: readonly SpendableLot[],
  roomBefore: (expiresAtMs: number) => readonly Room[],
): number {
  let lowest = Infinity;
  let impressions = 0;
  lots.forEach(({ available, expiresAtMs }, index) => {
    impressions += available;
    if (lots[index + 1]?.expiresAtMs === expiresAtMs) return;
    const price = clearingLogPrice(roomBefore(expiresAtMs), impressions);
    lowest = Math.min(lowest, price);
  });
  return lowest;
}

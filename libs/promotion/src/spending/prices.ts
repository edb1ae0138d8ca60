import type { Outlook } from './outlook.js';
import { logPriceOf, type RoomHere } from './price.js';
import { SCENARIO_DEVIATES } from './scenarios.js';
import type { SpendableLot } from './spending-policy.js';
import { mayBeSpentIn } from './units.js';

/**
 * Natural logarithms of what an impression of a merchant's lots is worth elsewhere: of those for the slot's placement
 * alone, and of those for either. Infinite where there are none.
 */
export interface LogPrices {
  own: number;
  any: number;
}

/**
 * What is kept for later is worth less than scenarios say: each knows the room that comes, and which slots will be
 * best, which nobody will when it comes to them. Chosen so that little expires unused; see docs/spending.md.
 */
const WORTH_OF_WAITING = 0.74;

/** Prices in the mean of the scenarios, of which those without room for all lots count as zero. */
export function pricesOf(
  lots: readonly SpendableLot[],
  here: RoomHere,
  hereafter: Outlook,
  elsewhere: Outlook,
): LogPrices {
  const isAny = ({ unit }: SpendableLot) => unit === 'ANY_IMP';
  const isOwn = (lot: SpendableLot) =>
    !isAny(lot) && mayBeSpentIn(lot.unit, hereafter.placement);
  const isOther = (lot: SpendableLot) => !isAny(lot) && !isOwn(lot);
  const groups: LotGroups = {
    all: lots,
    own: lots.filter(isOwn),
    other: lots.filter(isOther),
    notOwn: lots.filter((lot) => !isOwn(lot)),
    notOther: lots.filter((lot) => !isOther(lot)),
  };
  let own = 0;
  let any = 0;
  for (const deviate of SCENARIO_DEVIATES) {
    const prices = inScenario(groups, here, hereafter, elsewhere, deviate);
    own += Math.exp(prices.own);
    any += Math.exp(prices.any);
  }
  const worth = WORTH_OF_WAITING / SCENARIO_DEVIATES.length;
  return { own: Math.log(worth * own), any: Math.log(worth * any) };
}

interface LotGroups {
  all: readonly SpendableLot[];
  own: readonly SpendableLot[];
  other: readonly SpendableLot[];
  notOwn: readonly SpendableLot[];
  notOther: readonly SpendableLot[];
}

/** Impressions for either placement go where they are dearer; where that is both, all lots have one price. */
function inScenario(
  { all, own, other, notOwn, notOther }: LotGroups,
  here: RoomHere,
  hereafter: Outlook,
  elsewhere: Outlook,
  deviate: number,
): LogPrices {
  const inSlot = { here, outlooks: [hereafter] };
  const outside = { here: null, outlooks: [elsewhere] };
  const anywhere = { here, outlooks: [hereafter, elsewhere] };
  const ownAlone = logPriceOf(own, inSlot, deviate);
  if (own.length + other.length === all.length)
    return { own: ownAlone, any: Infinity };
  const common = logPriceOf(all, anywhere, deviate);
  if (ownAlone < common)
    return { own: ownAlone, any: logPriceOf(notOwn, outside, deviate) };
  const price =
    logPriceOf(other, outside, deviate) < common
      ? logPriceOf(notOther, inSlot, deviate)
      : common;
  return { own: price, any: price };
}

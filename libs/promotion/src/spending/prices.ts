import type { Outlook } from './outlook.js';
import {
  logPriceOf,
  type LotWithRoom,
  type Places,
  type RoomHere,
} from './price.js';
import { roomInScenarios, SCENARIOS } from './scenarios.js';
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
export const WORTH_OF_WAITING = 0.78;

/** Prices in the mean of the scenarios, of which those without room for all lots count as zero. */
export function pricesOf(
  lots: readonly SpendableLot[],
  here: RoomHere,
  hereafter: Outlook,
  elsewhere: Outlook,
): LogPrices {
  const groups = groupsOf(lots, hereafter, elsewhere);
  const places: Where = {
    inSlot: { here, outlooks: [hereafter] },
    outside: { here: null, outlooks: [elsewhere] },
    anywhere: { here, outlooks: [hereafter, elsewhere] },
  };
  let own = 0;
  let any = 0;
  for (let scenario = 0; scenario < SCENARIOS; scenario += 1) {
    const prices = inScenario(groups, places, scenario);
    own += Math.exp(prices.own);
    any += Math.exp(prices.any);
  }
  const worth = WORTH_OF_WAITING / SCENARIOS;
  return { own: Math.log(worth * own), any: Math.log(worth * any) };
}

/** Lots by whether they are for the slot's placement alone, for the other one alone, or for either. */
interface LotGroups {
  all: LotWithRoom[];
  own: LotWithRoom[];
  other: LotWithRoom[];
  notOwn: LotWithRoom[];
  notOther: LotWithRoom[];
}

function groupsOf(
  lots: readonly SpendableLot[],
  hereafter: Outlook,
  elsewhere: Outlook,
): LotGroups {
  const groups: LotGroups = {
    all: [],
    own: [],
    other: [],
    notOwn: [],
    notOther: [],
  };
  for (const { lotId, unit, expiresAtMs, available } of lots) {
    const room = roomInScenarios(hereafter, expiresAtMs);
    const otherRoom = roomInScenarios(elsewhere, expiresAtMs);
    const isHereLive = hereafter.placement === 'live';
    const rooms = {
      live: isHereLive ? room : otherRoom,
      short_video: isHereLive ? otherRoom : room,
    };
    const lot = { lotId, unit, expiresAtMs, available, rooms };
    const isAny = unit === 'ANY_IMP';
    const isOwn = !isAny && mayBeSpentIn(unit, hereafter.placement);
    groups.all.push(lot);
    if (isOwn) groups.own.push(lot);
    else groups.notOwn.push(lot);
    if (isAny || isOwn) groups.notOther.push(lot);
    else groups.other.push(lot);
  }
  return groups;
}

interface Where {
  inSlot: Places;
  outside: Places;
  anywhere: Places;
}

/** Impressions for either placement go where they are dearer; where that is both, all lots have one price. */
function inScenario(
  { all, own, other, notOwn, notOther }: LotGroups,
  { inSlot, outside, anywhere }: Where,
  scenario: number,
): LogPrices {
  const ownAlone = logPriceOf(own, inSlot, scenario);
  if (own.length + other.length === all.length)
    return { own: ownAlone, any: Infinity };
  const common = logPriceOf(all, anywhere, scenario);
  if (ownAlone < common)
    return { own: ownAlone, any: logPriceOf(notOwn, outside, scenario) };
  const price =
    logPriceOf(other, outside, scenario) < common
      ? logPriceOf(notOther, inSlot, scenario)
      : common;
  return { own: price, any: price };
}

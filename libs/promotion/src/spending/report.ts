import type { SlotOutcome } from './spending-policy.js';

/** What a report says of the natural logarithm of a rate. */
export interface ReportedRate {
  /** How far from what was expected. */
  surprise: number;
  /** Of the surprise, by the chance that lies in few orders or in few fen. */
  variance: number;
}

/** With so many orders expected, their number says about as much as the rate itself. */
export const MANY_ORDERS = 20;
/** Of the error of a number that is rounded to a whole one. */
export const ROUNDING_VARIANCE = 1 / 12;
/** Spread of what one order pays, as a share of its mean, squared: one merchant's orders differ by about half. */
export const ORDER_VALUE_SPREAD = 0.25;

/**
 * Holds a report against what was expected. Where it says how many orders it is of, and few could be expected, GMV is a
 * sum of few chances: its variance is that of a compound Poisson variable, and the surprise is taken on the scale of
 * the GMV itself, where none sold is as little a surprise as it should be. Otherwise it is that of the logarithms.
 *
 * @param expectedMinor GMV in fen; more than nothing
 * @param orderValueMinor what an order of the merchant pays in the mean
 */
export function readReport(
  { gmvMinor, orders }: SlotOutcome,
  expectedMinor: number,
  orderValueMinor: number,
): ReportedRate {
  const expectedOrders = expectedMinor / orderValueMinor;
  if (orders === undefined || expectedOrders >= MANY_ORDERS)
    return ofWholeFen(gmvMinor, expectedMinor);
  return {
    surprise: gmvMinor / expectedMinor - 1,
    variance: (1 + ORDER_VALUE_SPREAD) / expectedOrders,
  };
}

/** Where what was expected would have been rounded to the same fen, it is no surprise, and hardly confirmed. */
function ofWholeFen(gmvMinor: number, expectedMinor: number): ReportedRate {
  const nearest = Math.max(
    gmvMinor - 0.5,
    Math.min(gmvMinor + 0.5, expectedMinor),
  );
  return {
    surprise: Math.log(nearest / expectedMinor),
    variance: ROUNDING_VARIANCE / expectedMinor ** 2,
  };
}

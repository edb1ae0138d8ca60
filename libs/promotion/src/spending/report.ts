import type { SlotOutcome } from './spending-policy.js';

/** What a report says of the natural logarithm of a rate. */
export interface ReportedRate {
  /** How far from what was expected. */
  surprise: number;
  /** Of the surprise, by the chance that lies in few orders. */
  variance: number;
}

/** With so many orders expected, their number says about as much as the rate itself. */
const MANY_ORDERS = 20;
/** Spread of what one order pays, as a share of its mean, squared: one merchant's orders differ by about half. */
const ORDER_VALUE_SPREAD = 0.25;

/**
 * Holds a report against what was expected. Where it says how many orders it is of, and few could be expected, GMV is a
 * sum of few chances: its variance is that of a compound Poisson variable, and the surprise is taken on the scale of
 * the GMV itself, where none sold is as little a surprise as it should be. Otherwise it is that of the logarithms, with
 * a fen for what sold nothing.
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
    return { surprise: Math.log((gmvMinor + 1) / expectedMinor), variance: 0 };
  return {
    surprise: gmvMinor / expectedMinor - 1,
    variance: (1 + ORDER_VALUE_SPREAD) / expectedOrders,
  };
}

import type { Queryable } from '@app/ledger/postgres';
import {
  DAY_MS,
  localDay,
  startOfDayMs,
  type Period,
  type PromotionResult,
  type Sales,
} from '../index.js';
import { readResults } from './results.js';
import { readSales } from './sales.js';

export interface Promotion {
  results: PromotionResult[];
  /** Of the two days ahead of the period: a stream that ends in it may have been promoted by then. */
  resultsAhead: PromotionResult[];
  sales: Sales;
}

/** What came of a merchant's promotion in a period, and what to hold it against. */
export async function readPromotion(
  db: Queryable,
  merchant: { shard: number; merchantId: string },
  period: Period,
): Promise<Promotion> {
  const from = localDay(startOfDayMs(period.from) - 2 * DAY_MS);
  const { to } = period;
  const all = await readResults(db, merchant, { from, to });
  return {
    results: all.filter(({ day }) => day >= period.from),
    resultsAhead: all.filter(({ day }) => day < period.from),
    sales: await readSales(db, merchant, period),
  };
}

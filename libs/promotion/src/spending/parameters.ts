import * as habits from './habits.js';
import * as memory from './memory.js';
import * as outlook from './outlook.js';
import * as price from './price.js';
import * as prices from './prices.js';
import * as probe from './probe.js';
import * as rateBins from './rate-bins.js';
import * as rateShares from './rate-shares.js';
import * as report from './report.js';
import * as response from './response.js';
import * as scenarios from './scenarios.js';

/** The constants that decide what is given to whom, by module and name. */
export const SPENDING_PARAMETERS = {
  habits: constantsOf(habits),
  memory: constantsOf(memory),
  outlook: constantsOf(outlook),
  price: constantsOf(price),
  prices: constantsOf(prices),
  probe: constantsOf(probe),
  rateBins: constantsOf(rateBins),
  rateShares: constantsOf(rateShares),
  report: constantsOf(report),
  response: constantsOf(response),
  scenarios: constantsOf(scenarios),
};

/** What a module exports besides functions, in the order of the names. */
export function constantsOf(
  module: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(module)
      .filter(([, value]) => typeof value !== 'function')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

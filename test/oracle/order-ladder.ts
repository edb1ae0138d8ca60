import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

// What programs/order-ladder.yaml grants for a file of orders, worked out a second time: plain loops, with the
// program's numbers written out. It imports nothing of the system that it checks.

/** One order of one seller. */
export interface OrderRow {
  timeMs: number;
  orderId: string;
  sellerId: string;
  amountMinor: number;
  /** Paid, and refunded in full at once. */
  canceled: boolean;
}

export interface ExpectedGrant {
  sellerId: string;
  /** The Monday of the week, in Shanghai: `2018-08-27`. */
  week: string;
  tier: string;
  unit: string;
  amount: number;
  occurredAtMs: number;
}

export interface Totals {
  grants: number;
  byUnit: Record<string, number>;
}

/** What is to be granted, in the order in which it is: by time, and at one time in the order of the rows. */
export function expectedGrants(rows: readonly OrderRow[]): ExpectedGrant[] {
  const grants: ExpectedGrant[] = [];
  // By seller and week.
  const orders: Record<string, number> = {};
  const gmv: Record<string, number> = {};
  const paid = new Set<string>();

  for (const row of [...rows].sort((a, b) => a.timeMs - b.timeMs)) {
    const week = mondayInShanghai(row.timeMs);
    const key = `${row.sellerId} ${week}`;
    orders[key] = (orders[key] ?? 0) + 1;
    gmv[key] = (gmv[key] ?? 0) + row.amountMinor;

    const pay = (tier: string, unit: string, amount: number): void => {
      if (paid.has(`${key} ${tier} ${unit}`)) return;
      paid.add(`${key} ${tier} ${unit}`);
      const { sellerId, timeMs: occurredAtMs } = row;
      grants.push({ sellerId, week, tier, unit, amount, occurredAtMs });
    };
    if (orders[key] >= 1) pay('1-order', 'ANY_IMP', 1000);
    if (orders[key] >= 5) pay('5-orders', 'ANY_IMP', 6000);
    if (orders[key] >= 20) pay('20-orders', 'ANY_IMP', 40000);
    if (gmv[key] >= 50000) pay('gmv-500', 'LIVE_IMP', 2000);
    if (gmv[key] >= 50000) pay('gmv-500', 'VIDEO_IMP', 2000);
    if (gmv[key] >= 500000) pay('gmv-5000', 'LIVE_IMP', 30000);
    if (gmv[key] >= 500000) pay('gmv-5000', 'VIDEO_IMP', 30000);

    // The refund comes right after: what was paid stays paid.
    if (row.canceled) {
      orders[key] -= 1;
      gmv[key] -= row.amountMinor;
    }
  }
  return grants;
}

export function totals(grants: readonly ExpectedGrant[]): Totals {
  const byUnit: Record<string, number> = {};
  for (const { unit, amount } of grants)
    byUnit[unit] = (byUnit[unit] ?? 0) + amount;
  return { grants: grants.length, byUnit };
}

/** {@link totals} of each seller that was granted anything. */
export function totalsBySeller(
  grants: readonly ExpectedGrant[],
): Map<string, Totals> {
  const bySeller = new Map<string, ExpectedGrant[]>();
  for (const grant of grants) {
    const others = bySeller.get(grant.sellerId);
    if (others) others.push(grant);
    else bySeller.set(grant.sellerId, [grant]);
  }
  return new Map(
    Array.from(bySeller, ([sellerId, own]) => [sellerId, totals(own)]),
  );
}

/**
 * Reads a file of orders: CSV, gzipped or not, with a header and the columns `time` (wall time in Shanghai,
 * to the minute), `order_id`, `seller_id`, `price_minor`, `freight_minor`, `items`, `status`.
 */
export function readOrdersFile(path: string): OrderRow[] {
  const bytes = readFileSync(path);
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (gzipped ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (
    header !== 'time,order_id,seller_id,price_minor,freight_minor,items,status'
  )
    throw new Error(`${path} is not a file of orders: it begins "${header}"`);
  return lines.map((line) => {
    const [time, orderId, sellerId, price, freight, , status] = line.split(',');
    return {
      timeMs: Date.parse(`${time}:00+08:00`),
      orderId: orderId!,
      sellerId: sellerId!,
      amountMinor: Number(price) + Number(freight),
      canceled: status === 'canceled',
    };
  });
}

const HOUR_MS = 3_600_000;

/** Shanghai is eight hours ahead of UTC all year. */
function mondayInShanghai(timeMs: number): string {
  const local = new Date(timeMs + 8 * HOUR_MS);
  const daysSinceMonday = (local.getUTCDay() + 6) % 7;
  local.setUTCDate(local.getUTCDate() - daysSinceMonday);
  return local.toISOString().slice(0, 10);
}

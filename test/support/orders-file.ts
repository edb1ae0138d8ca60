import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

export interface OrdersFile {
  path: string;
  isMade: boolean;
  remove: () => Promise<void>;
}

const MERCHANTS = 400;
const ORDERS = 9_000;
const FIRST_MINUTE = Date.UTC(2024, 0, 1) / 60_000;
const MINUTES = 300 * 24 * 60;
const SEED = 20241111;

/**
 * The file of orders that the whole-system tests replay: the one that `ORDERS_FILE` names, or a made one in
 * the same format, always the same.
 */
export async function prepareOrdersFile(): Promise<OrdersFile> {
  const given = process.env.ORDERS_FILE;
  if (given)
    return { path: given, isMade: false, remove: () => Promise.resolve() };
  const dir = await mkdtemp(join(tmpdir(), 'ledger-orders-'));
  const path = join(dir, 'orders.csv.gz');
  await writeFile(path, gzipSync(madeOrders()));
  return {
    path,
    isMade: true,
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

const order = fc.record({
  minute: fc.nat(MINUTES - 1),
  // A few merchants sell twenty orders a week, most one a month.
  merchant: fc
    .nat(999_999)
    .map((n) => Math.floor(MERCHANTS * (n / 1_000_000) ** 4)),
  price: fc.oneof(fc.integer({ min: 100, max: 30_000 }), fc.nat(300_000)),
  freight: fc.nat(4_000),
  isCanceled: fc.nat(24).map((n) => n === 0),
});

function madeOrders(): string {
  const orders = fc
    .sample(order, { numRuns: ORDERS, seed: SEED })
    .sort((a, b) => a.minute - b.minute);
  const lines = orders.map(
    ({ minute, merchant, price, freight, isCanceled }, index) => {
      const time = new Date((FIRST_MINUTE + minute) * 60_000);
      return [
        time.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length),
        `made-order-${index}`,
        `made-merchant-${merchant}`,
        price,
        freight,
        1,
        isCanceled ? 'canceled' : 'delivered',
      ].join(',');
    },
  );
  const header =
    'time,order_id,seller_id,price_minor,freight_minor,items,status';
  return [header, ...lines, ''].join('\n');
}

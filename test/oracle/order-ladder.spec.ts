import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';
import {
  GranterInMemory,
  parseProgram,
  ProgramSet,
  type ActivityInput,
  type Program,
} from '@app/programs';
import {
  expectedGrants,
  readOrdersFile,
  totals,
  totalsBySeller,
  type ExpectedGrant,
  type OrderRow,
} from './order-ladder.js';

/** Wall time in Shanghai. */
function at(time: string): number {
  return Date.parse(`${time}+08:00`);
}

let orderIds = 0;
function order(
  sellerId: string,
  time: string,
  amountMinor: number,
  canceled = false,
): OrderRow {
  const orderId = `order-${++orderIds}`;
  return { timeMs: at(time), orderId, sellerId, amountMinor, canceled };
}

function lines(grants: readonly ExpectedGrant[]): string[] {
  return grants.map(
    ({ sellerId, week, tier, unit, amount }) =>
      `${sellerId} ${week} ${tier} ${amount} ${unit}`,
  );
}

describe('the oracle', () => {
  it('counts each week from Monday 00:00 in Shanghai', () => {
    const rows = [
      order('anna', '2024-11-10T23:59', 100),
      order('anna', '2024-11-11T00:00', 100),
      order('anna', '2024-11-17T23:59', 100),
    ];
    expect(expectedGrants(rows)).toEqual([
      {
        sellerId: 'anna',
        week: '2024-11-04',
        tier: '1-order',
        unit: 'ANY_IMP',
        amount: 1000,
        occurredAtMs: at('2024-11-10T23:59'),
      },
      {
        sellerId: 'anna',
        week: '2024-11-11',
        tier: '1-order',
        unit: 'ANY_IMP',
        amount: 1000,
        occurredAtMs: at('2024-11-11T00:00'),
      },
    ]);
  });

  it('pays each tier of orders once, whatever order the rows stand in', () => {
    const rows = Array.from({ length: 21 }, (_, i) =>
      order('bo', `2024-11-12T${String(i).padStart(2, '0')}:00`, 1),
    );
    expect(lines(expectedGrants(rows.toReversed()))).toEqual([
      'bo 2024-11-11 1-order 1000 ANY_IMP',
      'bo 2024-11-11 5-orders 6000 ANY_IMP',
      'bo 2024-11-11 20-orders 40000 ANY_IMP',
    ]);
  });

  it('pays both tiers of sales that one order reaches', () => {
    const rows = [order('chen', '2024-11-12T10:00', 500_000)];
    const grants = expectedGrants(rows);
    expect(lines(grants)).toEqual([
      'chen 2024-11-11 1-order 1000 ANY_IMP',
      'chen 2024-11-11 gmv-500 2000 LIVE_IMP',
      'chen 2024-11-11 gmv-500 2000 VIDEO_IMP',
      'chen 2024-11-11 gmv-5000 30000 LIVE_IMP',
      'chen 2024-11-11 gmv-5000 30000 VIDEO_IMP',
    ]);
    expect(totals(grants)).toEqual({
      grants: 5,
      byUnit: { ANY_IMP: 1000, LIVE_IMP: 32_000, VIDEO_IMP: 32_000 },
    });
  });

  it('lets a canceled order pay what it reached, and counts it no further', () => {
    const rows = [
      order('dai', '2024-11-12T10:00', 30_000, true),
      order('dai', '2024-11-12T11:00', 30_000),
      order('dai', '2024-11-12T12:00', 19_999),
      order('dai', '2024-11-12T13:00', 1),
      order('eve', '2024-11-12T13:00', 1),
    ];
    const grants = expectedGrants(rows);
    expect(lines(grants)).toEqual([
      'dai 2024-11-11 1-order 1000 ANY_IMP',
      'dai 2024-11-11 gmv-500 2000 LIVE_IMP',
      'dai 2024-11-11 gmv-500 2000 VIDEO_IMP',
      'eve 2024-11-11 1-order 1000 ANY_IMP',
    ]);
    expect(grants[1]?.occurredAtMs).toBe(at('2024-11-12T13:00'));
    expect(totalsBySeller(grants).get('eve')).toEqual({
      grants: 1,
      byUnit: { ANY_IMP: 1000 },
    });
  });

  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzipped', (text: string) => gzipSync(text)],
  ])('reads a %s file: goods and freight add up', (_, pack) => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-'));
    const path = join(folder, 'orders.csv');
    writeFileSync(
      path,
      pack(
        'time,order_id,seller_id,price_minor,freight_minor,items,status\n' +
          '2018-08-27T00:00,o1,s1,2999,1096,1,delivered\n' +
          '2018-08-27T00:01,o2,s1,100,0,2,canceled\n',
      ),
    );
    try {
      expect(readOrdersFile(path)).toEqual([
        {
          timeMs: Date.parse('2018-08-26T16:00:00Z'),
          orderId: 'o1',
          sellerId: 's1',
          amountMinor: 4095,
          canceled: false,
        },
        {
          timeMs: Date.parse('2018-08-26T16:01:00Z'),
          orderId: 'o2',
          sellerId: 's1',
          amountMinor: 100,
          canceled: true,
        },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the granter with programs/order-ladder.yaml', () => {
  it('grants what the oracle expects, grant by grant', async () => {
    const file = new URL('../../programs/order-ladder.yaml', import.meta.url);
    const program = parseProgram(await readFile(file, 'utf8'), 'order-ladder');
    fc.assert(
      fc.property(randomRows, (unsorted) => {
        const rows = unsorted
          .map((row, i) => ({ ...row, orderId: `order-${i}` }))
          .sort((a, b) => a.timeMs - b.timeMs);
        expect(granted(program, rows)).toEqual(expectedGrants(rows));
      }),
      { numRuns: 200 },
    );
  });
});

/** Few sellers and few weeks, so that all tiers are reached. */
const randomRow = fc.record({
  timeMs: fc
    .integer({ min: 0, max: 3 * 7 * 24 * 60 })
    .map((minutes) => at('2024-11-03T12:00') + minutes * 60_000),
  sellerId: fc.constantFrom('anna', 'bo'),
  amountMinor: fc.oneof(
    fc.integer({ min: 1, max: 30_000 }),
    fc.constantFrom(50_000, 450_000, 500_000),
  ),
  canceled: fc.boolean(),
});

const randomRows = fc.array(randomRow, { maxLength: 120, size: 'max' });

function granted(program: Program, rows: readonly OrderRow[]): ExpectedGrant[] {
  const { drafts } = new GranterInMemory(new ProgramSet([program])).run(
    rows.flatMap(published),
  );
  return drafts.map(({ merchantId, occurredAtMs, postings, cause }) => {
    const lot = postings.find(({ account }) => account === 'available');
    if (cause.type !== 'goal_reached' || !lot) throw new Error('no grant');
    return {
      sellerId: merchantId!,
      week: cause.period.replace('week:', ''),
      tier: cause.tier,
      unit: lot.unit,
      amount: Number(lot.amount),
      occurredAtMs,
    };
  });
}

/** As the replay publishes a row: a canceled order is paid, and refunded at the same time. */
function published(row: OrderRow): ActivityInput[] {
  const { orderId, amountMinor, sellerId, timeMs, canceled } = row;
  const head = {
    source: '/orders',
    merchantId: sellerId,
    occurredAtMs: timeMs,
  };
  const paid: ActivityEvent = {
    ...head,
    id: `${orderId}-paid`,
    type: 'order.paid',
    data: { orderId, amountMinor, channel: 'shelf' },
  };
  const refunded: ActivityEvent = {
    ...head,
    id: `${orderId}-refunded`,
    type: 'order.refunded',
    data: { orderId, amountMinor },
  };
  return (canceled ? [paid, refunded] : [paid]).map((event) => ({
    event,
    reference: {
      topic: 'merchant.activity.v1',
      partition: 0,
      offset: '0',
      source: event.source,
      id: event.id,
    },
  }));
}

import fc from 'fast-check';
import {
  deliveryDifferences,
  isMistake,
  sumDeliveries,
  type DeliverySum,
  type OrderLife,
} from './deliveries.js';

/** 600 ordered, 400 of them delivered, closed. */
const ORDER: OrderLife = {
  promotionOrderId: 'promotions-3-2',
  entryId: 'promotions-3-2',
  merchantId: 'm1',
  placement: 'live',
  targetId: 'session-1',
  orderedAt: new Date('2024-11-11T00:00:00Z'),
  deadline: new Date('2024-11-11T01:00:00Z'),
  ordered: 600n,
  reserved: 600n,
  reports: 2n,
  reported: 400n,
  clicks: 12n,
  orders: 1n,
  gmvMinor: 9_900n,
  spent: 400n,
  spentElsewhere: 0n,
  released: 200n,
  closings: 1n,
  closedBecause: 'completed',
  reportsAfterClosing: 0n,
};
const OPEN = { closings: 0n, closedBecause: null, released: 0n };

describe('a promotion order, its reports and its postings', () => {
  it.each<[string, Partial<OrderLife>]>([
    ['a part was delivered, and the rest given back', {}],
    ['it is open', OPEN],
    [
      'it is open, and nothing was reported yet',
      { ...OPEN, reports: 0n, reported: 0n, spent: 0n },
    ],
  ])('fit where %s', (_, parts) => {
    expect(deliveryDifferences({ ...ORDER, ...parts })).toEqual([]);
  });

  it.each<[string, Partial<OrderLife>]>([
    ['no_report', { reports: 0n, reported: 0n, spent: 0n, released: 600n }],
    ['reported_beyond_order', { reported: 700n, spent: 600n, released: 0n }],
    ['reserved_differs', { ordered: 601n }],
    ['spent_differs', { ...OPEN, spent: 399n }],
    [
      'spent_differs',
      { ...OPEN, reported: 700n, ordered: 700n, reserved: 700n, spent: 650n },
    ],
    ['spent_differs', { spentElsewhere: 1n }],
    ['released_differs', { released: 199n }],
    ['released_differs', { ...OPEN, released: 1n }],
    ['closed_twice', { closings: 2n }],
    ['reported_after_closing', { reportsAfterClosing: 1n }],
  ])('do not fit: %s', (difference, parts) => {
    expect(deliveryDifferences({ ...ORDER, ...parts })).toEqual([difference]);
  });

  it('blame the ledger for nothing that ad delivery can do', () => {
    const number = (max: number) => fc.integer({ min: 0, max }).map(BigInt);
    fc.assert(
      fc.property(
        number(1_000),
        fc.array(number(1_000), { maxLength: 5 }),
        fc.boolean(),
        (ordered, reports, isClosed) => {
          const reported = reports.reduce((sum, each) => sum + each, 0n);
          const spent = reported < ordered ? reported : ordered;
          const found = deliveryDifferences({
            ...ORDER,
            ordered,
            reserved: ordered,
            reports: BigInt(reports.length),
            reported,
            spent,
            ...(isClosed ? { released: ordered - spent } : OPEN),
          });
          expect(found.filter(isMistake)).toEqual([]);
        },
      ),
    );
  });
});

it('sums orders by placement; what one has beyond its order makes up for no other', () => {
  const sums = new Map<string, DeliverySum>();
  sumDeliveries(sums, ORDER);
  sumDeliveries(sums, {
    ...ORDER,
    ...OPEN,
    reported: 700n,
    spent: 600n,
  });
  sumDeliveries(sums, { ...ORDER, placement: 'short_video' });
  expect(sums.get('live')).toEqual({
    placement: 'live',
    promotionOrders: 2n,
    ordered: 1_200n,
    reports: 4n,
    reported: 1_100n,
    spent: 1_000n,
    beyondOrders: 100n,
    released: 200n,
    openReserve: 0n,
    withoutReport: 0n,
    clicks: 24n,
    orders: 2n,
    gmvMinor: 19_800n,
  });
  expect(sums.get('short_video')).toMatchObject({ promotionOrders: 1n });
});

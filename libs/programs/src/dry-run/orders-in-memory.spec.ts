import fc from 'fast-check';
import { CHANNELS } from '@app/contracts';
import { LateSubject, type Subject } from '../count/late-subject.js';
import { UNKNOWN_ORDER, type OrderRecord } from '../count/subject-order.js';
import { OrdersInMemory } from './orders-in-memory.js';

const anyExact = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, 2 ** 53 - 1),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
);
const anyTimeMs = fc.integer({ min: 0, max: 8_640_000_000_000_000 });
const anyOrder: fc.Arbitrary<OrderRecord> = fc.record({
  paidAtMs: fc.option(anyTimeMs),
  channel: fc.constantFrom(...CHANNELS),
  sessionId: fc.option(fc.constantFrom('s1', '__proto__', '')),
  amountMinor: anyExact,
  refundedMinor: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, anyExact),
  firstRefundAtMs: fc.option(anyTimeMs),
  isFlagged: fc.boolean(),
});
const anySubject: fc.Arbitrary<Subject> = fc.oneof(
  anyOrder,
  anyOrder.map((order) => ({
    ...UNKNOWN_ORDER,
    paidAtMs: order.paidAtMs ?? 0,
    channel: order.channel,
    sessionId: order.sessionId,
    amountMinor: order.amountMinor,
  })),
  fc
    .tuple(anyOrder, anyOrder)
    .map(([one, other]) => new LateSubject(one, new Map([['p/g', other]]))),
);
const anyId = fc.constantFrom('', '1', '2', '__proto__', 'constructor', '订单');
const anyMerchant = fc.constantFrom(0, 1, 2 ** 31 - 1);

describe('orders in memory', () => {
  it('are found as they were last put down, each of its merchant', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyMerchant, anyId, anySubject)),
        (puts) => {
          const orders = new OrdersInMemory();
          const expected = new Map<string, Subject>();
          for (const [merchant, id, order] of puts) {
            const key = `${merchant} ${id}`;
            expect(orders.get(merchant, id)).toEqual(expected.get(key));
            orders.set(merchant, id, order);
            expected.set(key, order);
          }
          for (const [merchant, id] of puts)
            expect(orders.get(merchant, id)).toEqual(
              expected.get(`${merchant} ${id}`),
            );
        },
      ),
    );
  });

  it('are told apart where there are so many that some have one hash', () => {
    const MANY = 300_000;
    const orders = new OrdersInMemory();
    const paid = (paidAtMs: number): OrderRecord => ({
      ...UNKNOWN_ORDER,
      paidAtMs,
      channel: 'live',
    });
    for (let i = 0; i < MANY; i++) orders.set(i % 7, `order-${i}`, paid(i));
    let wrong = 0;
    for (let i = 0; i < MANY; i++) {
      const order = orders.get(i % 7, `order-${i}`) as OrderRecord;
      if (order.paidAtMs !== i) wrong++;
      if (orders.get((i + 1) % 7, `order-${i}`)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('can all be changed at once', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(anyMerchant, anyId), {
          selector: ([merchant, id]) => `${merchant} ${id}`,
        }),
        fc.array(anySubject, { minLength: 18, maxLength: 18 }),
        (names, subjects) => {
          const orders = new OrdersInMemory();
          for (const [i, [merchant, id]] of names.entries())
            orders.set(merchant, id, subjects[i]!);
          orders.replaceAll(
            (order) =>
              new LateSubject(
                UNKNOWN_ORDER,
                new Map([['was', order as OrderRecord]]),
              ),
          );
          for (const [i, [merchant, id]] of names.entries())
            expect(orders.get(merchant, id)).toEqual(
              new LateSubject(
                UNKNOWN_ORDER,
                new Map([['was', subjects[i] as OrderRecord]]),
              ),
            );
        },
      ),
    );
  });
});

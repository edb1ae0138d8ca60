import fc from 'fast-check';
import {
  deliveryContract,
  readEvent,
  writeEvent,
  type DeliveryCloudEvent,
} from '@app/contracts';
import { Deliveries } from './deliveries.js';
import {
  cancelled,
  HOUR_MS,
  NOW_MS,
  ordered,
  sessionEnded,
} from '../../test/promotion-orders.js';

const SEED = 1;
/** After every deadline. */
const AT_LAST_MS = NOW_MS + 100 * HOUR_MS;

describe('deliveries', () => {
  it('report of every order no more than was ordered, all before its deadline, and close it once', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(), (impressions, seed) => {
        const deliveries = new Deliveries(seed);
        const order = ordered('one', { impressions });
        expect(deliveries.order(order, NOW_MS)).toBe(true);
        const events = takeAll(deliveries);

        const times = events.map(({ time }) => Date.parse(time));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times[0]).toBeGreaterThanOrEqual(order.occurredAtMs);
        expect(times.at(-1)).toBeLessThan(Date.parse(order.data.deadline));
        expect(delivered(events)).toBeLessThanOrEqual(impressions);
        const closes = events.map(({ type }) => type === 'promotion.closed');
        expect(closes.indexOf(true)).toBe(events.length - 1);
        expect(deliveries.openCount).toBe(0);
        expect(deliveries.nextDueMs).toBe(Infinity);
      }),
    );
  });

  it('say nothing that the contract refuses', () => {
    const deliveries = new Deliveries(SEED);
    for (let number = 0; number < 300; number += 1)
      deliveries.order(ordered(`order-${number}`), NOW_MS);
    const events = takeAll(deliveries);
    expect(new Set(events.map(({ type }) => type)).size).toBe(2);
    for (const event of events) {
      const { value, headers } = writeEvent(event);
      const read = readEvent(deliveryContract, {
        value: Buffer.from(value),
        headers,
      });
      expect(read).toMatchObject({ ok: true, event: { merchantId: 'm1' } });
    }
  });

  it('give nothing before it is due, and at most as many events as are asked for', () => {
    const deliveries = new Deliveries(SEED);
    for (let number = 0; number < 50; number += 1)
      deliveries.order(ordered(`order-${number}`), NOW_MS);
    const dueMs = deliveries.nextDueMs;
    expect(deliveries.takeDue(dueMs - 1, 10).events).toEqual([]);
    expect(deliveries.takeDue(dueMs, 10).events.length).toBeGreaterThan(0);
    expect(deliveries.takeDue(AT_LAST_MS, 10).events).toHaveLength(10);
  });

  it('report nothing new of an order that they are told twice, open or closed', () => {
    const deliveries = new Deliveries(SEED);
    expect(deliveries.order(ordered('one'), NOW_MS)).toBe(true);
    expect(deliveries.order(ordered('one'), NOW_MS)).toBe(true);
    const events = takeAll(deliveries);
    expect(events).toEqual(eventsOf('one'));
    expect(deliveries.order(ordered('one'), NOW_MS)).toBe(false);
    expect(takeAll(deliveries)).toEqual([]);
  });

  it('say the same under the same ids after a restart, whenever that is', () => {
    expect(eventsOf('one', NOW_MS + HOUR_MS)).toEqual(eventsOf('one'));
  });

  it('stop at once when an order is cancelled, and close it for that', () => {
    const deliveries = new Deliveries(SEED);
    deliveries.order(ordered('one'), NOW_MS);
    const before = deliveries.takeDue(NOW_MS + HOUR_MS / 4, 1_000).events;
    deliveries.cancel(cancelled('one'), NOW_MS + HOUR_MS / 4);
    deliveries.cancel(cancelled('one'), NOW_MS + HOUR_MS / 4);
    expect(closesIn(before)).toEqual([]);
    expect(takeAll(deliveries)).toMatchObject([
      { type: 'promotion.closed', data: { reason: 'cancelled' } },
    ]);
    expect(deliveries.openCount).toBe(0);
  });

  it('report what was shown by the end of an order ahead of its close', () => {
    const shown = eventsOf('one').filter(
      ({ type, time }) =>
        type === 'promotion.delivered' &&
        Date.parse(time) <= NOW_MS + HOUR_MS / 4,
    );
    expect(shown.length).toBeGreaterThan(0);
    const deliveries = new Deliveries(SEED);
    deliveries.order(ordered('one', { sessionId: 's1' }), NOW_MS);
    deliveries.endSession(
      sessionEnded('s1', NOW_MS + HOUR_MS / 4),
      NOW_MS + HOUR_MS / 4,
    );
    expect(takeAll(deliveries)).toEqual([
      ...shown,
      expect.objectContaining({
        data: { promotionOrderId: 'one', reason: 'session_ended' },
      }),
    ]);
  });

  it('do not care for the end of an order that they do not have', () => {
    const deliveries = new Deliveries(SEED);
    deliveries.cancel(cancelled('one'), NOW_MS);
    deliveries.order(ordered('two'), NOW_MS);
    takeAll(deliveries);
    deliveries.cancel(cancelled('two'), NOW_MS);
    expect(takeAll(deliveries)).toEqual([]);
  });

  it('close with a session only its own orders', () => {
    const deliveries = new Deliveries(SEED);
    deliveries.order(ordered('one', { sessionId: 's1' }), NOW_MS);
    deliveries.order(ordered('two', { sessionId: 's2' }), NOW_MS);
    deliveries.order(
      { ...ordered('three', { sessionId: 's1' }), merchantId: 'm2' },
      NOW_MS,
    );
    deliveries.endSession(sessionEnded('s1'), NOW_MS);
    expect(deliveries.takeDue(NOW_MS, 1_000)).toMatchObject({
      events: [{ data: { promotionOrderId: 'one', reason: 'session_ended' } }],
      closedIds: ['one'],
    });
    expect(deliveries.openCount).toBe(2);
  });

  it('close an order at once whose session has ended before it comes', () => {
    const deliveries = new Deliveries(SEED);
    deliveries.endSession(sessionEnded('s1', NOW_MS - HOUR_MS), NOW_MS);
    expect(deliveries.order(ordered('one', { sessionId: 's1' }), NOW_MS)).toBe(
      true,
    );
    expect(takeAll(deliveries)).toEqual([
      expect.objectContaining({
        // Not before it was ordered.
        time: new Date(NOW_MS).toISOString(),
        data: { promotionOrderId: 'one', reason: 'session_ended' },
      }),
    ]);
    expect(deliveries.order(ordered('one', { sessionId: 's1' }), NOW_MS)).toBe(
      false,
    );
  });

  it('close every order once, whatever ends it, in whatever order', () => {
    const ids = ['one', 'two', 'three'];
    const sessions = ['s1', 's2'];
    const step = fc.record({
      act: fc.constantFrom('order', 'cancel', 'end', 'take'),
      id: fc.constantFrom(...ids),
      sessionId: fc.constantFrom(...sessions),
      afterMs: fc.nat(HOUR_MS / 2),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const deliveries = new Deliveries(SEED);
        const events: DeliveryCloudEvent[] = [];
        const told = new Set<string>();
        let nowMs = NOW_MS;
        for (const { act, id, sessionId, afterMs } of steps) {
          nowMs += afterMs;
          if (act === 'cancel') deliveries.cancel(cancelled(id), nowMs);
          else if (act === 'end')
            deliveries.endSession(sessionEnded(sessionId, nowMs), nowMs);
          else if (act === 'take')
            events.push(...deliveries.takeDue(nowMs, 1_000).events);
          else {
            deliveries.order(ordered(id, { sessionId }), nowMs);
            told.add(id);
          }
        }
        events.push(...takeAll(deliveries));
        expect(closesIn(events).sort()).toEqual([...told].sort());
        expect(deliveries.openCount).toBe(0);
      }),
    );
  });
});

function takeAll(deliveries: Deliveries): DeliveryCloudEvent[] {
  return deliveries.takeDue(AT_LAST_MS, Infinity).events;
}

/** What a fresh start reports of one order. */
function eventsOf(id: string, nowMs = NOW_MS): DeliveryCloudEvent[] {
  const deliveries = new Deliveries(SEED);
  deliveries.order(ordered(id), nowMs);
  return takeAll(deliveries);
}

/** A report under an id that was there already is the same report. */
function delivered(events: readonly DeliveryCloudEvent[]): number {
  const byId = new Map(events.map((event) => [event.id, event]));
  return [...byId.values()].reduce(
    (sum, event) =>
      event.type === 'promotion.delivered' ? sum + event.data.impressions : sum,
    0,
  );
}

/** The orders that events close. */
function closesIn(events: readonly DeliveryCloudEvent[]): string[] {
  return events
    .filter(({ type }) => type === 'promotion.closed')
    .map(({ data }) => data.promotionOrderId);
}

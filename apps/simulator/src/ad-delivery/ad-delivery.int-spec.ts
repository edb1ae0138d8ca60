import { Registry } from 'prom-client';
import { inject, vi } from 'vitest';
import {
  activityContract,
  buildEvent,
  deliveryContract,
  promotionOrderContract,
  TOPICS,
  type DeliveryEvent,
  type PromotionOrderEvent,
} from '@app/contracts';
import { EventProducer } from '@app/contracts/kafkajs';
import { createKafka } from '@app/platform';
import { publish } from '../../../../libs/streaming/test/kafka.js';
import {
  haveSystemTopicsAlone,
  recreateTopics,
} from '../../../../test/support/topics.js';
import {
  cancelled,
  ordered,
  sessionEnded,
} from '../../test/promotion-orders.js';
import { TopicReader } from '../../test/topic-reader.js';
import { FastClock } from '../fast-clock.js';
import { SimulatorMetrics } from '../simulator.metrics.js';
import { AdDelivery } from './ad-delivery.js';

const ORDERS = 40;
const WITHIN = { timeout: 30_000, interval: 100 };
/** Delivers an order of an hour in a second or less, in some seconds, or not within a test. */
const SPEED = { fast: 3_600, middling: 360, slow: 1 };

describe('the stand-in for the ad-delivery service', () => {
  const kafka = createKafka('test', inject('kafkaBrokers').split(','));
  const reports = new EventProducer(kafka, deliveryContract);
  const orders = new EventProducer(kafka, promotionOrderContract);
  const activity = new EventProducer(kafka, activityContract);
  let reader: TopicReader<DeliveryEvent>;
  let running: Running | undefined;

  haveSystemTopicsAlone();
  beforeEach(async () => {
    await recreateTopics(inject('kafkaBrokers'), 3);
    reader = new TopicReader(kafka, TOPICS.delivery, deliveryContract);
    await reader.start();
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await reader.stop();
    for (const producer of [reports, orders, activity])
      await producer.disconnect();
  });

  it('answers each order with reports, no more than was ordered, and one close', async () => {
    running = run(SPEED.fast);
    await publishOrders(manyOrders());
    await vi.waitFor(() => expect(closed().size).toBe(ORDERS), WITHIN);
    const closes = reader.events.filter(
      ({ type }) => type === 'promotion.closed',
    );
    expect(closes).toHaveLength(ORDERS);
    const delivered = deliveredByOrder();
    expect(delivered.size).toBeGreaterThan(ORDERS / 2);
    expect(Math.max(...delivered.values())).toBe(1_000);
  });

  it('loses no order when it is started again, and says nothing else of it', async () => {
    running = run(SPEED.middling);
    await publishOrders(manyOrders());
    await vi.waitFor(
      () => expect(reader.events.length).toBeGreaterThan(ORDERS),
      WITHIN,
    );
    await running.stop();
    expect(closed().size).toBeLessThan(ORDERS);
    running = run(SPEED.fast);
    await vi.waitFor(() => expect(closed().size).toBe(ORDERS), WITHIN);
    await running.stop();

    running = run(SPEED.fast);
    await publishOrders([ordered('last')]);
    await vi.waitFor(() => expect(closed().has('last')).toBe(true), WITHIN);
    const contents = contentsById();
    expect(contents.every(({ size }) => size === 1)).toBe(true);
    expect(reader.events.length).toBeGreaterThan(contents.length);
    expect(Math.max(...deliveredByOrder().values())).toBe(1_000);
  });

  it('closes an order that is cancelled, or whose session ends', async () => {
    running = run(SPEED.slow);
    await publishOrders([
      ordered('one'),
      ordered('two', { sessionId: 's1' }),
      ordered('three', { sessionId: 's2' }),
    ]);
    await vi.waitFor(() => expect(running!.openCount()).toBe(3), WITHIN);
    await publishOrders([cancelled('one')]);
    await vi.waitFor(async () => {
      // Again and again: it reads only the activity that comes after it has begun to.
      await activity.publish([
        buildEvent(activityContract, sessionEnded('s1')),
      ]);
      expect(closed()).toEqual(
        new Map([
          ['one', 'cancelled'],
          ['two', 'session_ended'],
        ]),
      );
    }, WITHIN);
    expect(running.openCount()).toBe(1);
  });

  it('leaves out an order that cannot be read', async () => {
    running = run(SPEED.fast);
    await publish(kafka, TOPICS.orders, [{ key: 'm1', value: 'not an order' }]);
    await publishOrders([ordered('one')]);
    await vi.waitFor(() => expect(closed().has('one')).toBe(true), WITHIN);
  });

  /** Starts it; as {@link Running.stop} ends, all of it has ended. */
  function run(speed: number): Running {
    const stopping = new AbortController();
    const metrics = new SimulatorMetrics(new Registry());
    const countOpenOrders = vi.spyOn(metrics, 'countOpenOrders');
    const adDelivery = new AdDelivery({
      kafka,
      publisher: reports,
      clock: new FastClock(Date.now(), speed),
      seed: 1,
      metrics,
    });
    const [openCount] = countOpenOrders.mock.lastCall!;
    const ended = adDelivery.run(stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    });
    return {
      openCount,
      stop: async () => {
        stopping.abort();
        await ended;
      },
    };
  }

  function publishOrders(
    events: readonly PromotionOrderEvent[],
  ): Promise<void> {
    return orders.publish(
      events.map((event) => buildEvent(promotionOrderContract, event)),
    );
  }

  /** Reasons by order. */
  function closed(): Map<string, string> {
    return new Map(
      reader.events
        .filter((event) => event.type === 'promotion.closed')
        .map(({ data }) => [data.promotionOrderId, data.reason]),
    );
  }

  function deliveredByOrder(): Map<string, number> {
    const reports = new Map(
      reader.events
        .filter((event) => event.type === 'promotion.delivered')
        .map((event) => [event.id, event.data]),
    );
    const delivered = new Map<string, number>();
    for (const { promotionOrderId, impressions } of reports.values())
      delivered.set(
        promotionOrderId,
        (delivered.get(promotionOrderId) ?? 0) + impressions,
      );
    return delivered;
  }

  /** Of each id, all that was said under it. */
  function contentsById(): Set<string>[] {
    const contents = new Map<string, Set<string>>();
    for (const event of reader.events) {
      const known = contents.get(event.id) ?? new Set();
      contents.set(event.id, known.add(JSON.stringify(event)));
    }
    return [...contents.values()];
  }
});

interface Running {
  openCount: () => number;
  stop: () => Promise<void>;
}

function manyOrders(): PromotionOrderEvent[] {
  return Array.from({ length: ORDERS }, (_, index) => ({
    ...ordered(`order-${index}`),
    merchantId: `m${index % 7}`,
  }));
}

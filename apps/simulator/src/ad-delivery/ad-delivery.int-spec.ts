import { Registry } from 'prom-client';
import { inject, vi } from 'vitest';
import {
  deliveryContract,
  TOPICS,
  writeEvent,
  type ActivityEventOf,
  type CloudEvent,
  type DeliveryEvent,
  type PromotionOrderEvent,
} from '@app/contracts';
import { createKafka } from '@app/platform';
import { KafkaBroker } from '@app/streaming';
import { recreateTopics } from '../../../../test/support/topics.js';
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
  const broker = new KafkaBroker(kafka);
  let reader: TopicReader<DeliveryEvent>;
  let running: Running | undefined;

  beforeEach(async () => {
    await recreateTopics(inject('kafkaBrokers'), 3);
    await broker.connect();
    reader = new TopicReader(kafka, TOPICS.delivery, deliveryContract);
    await reader.start();
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await reader.stop();
    await broker.disconnect();
  });

  it('answers each order with reports, no more than was ordered, and one close', async () => {
    running = run(SPEED.fast);
    await publishOrders();
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
    await publishOrders();
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
    await publish(TOPICS.orders, [ordered('last')]);
    await vi.waitFor(() => expect(closed().has('last')).toBe(true), WITHIN);
    const contents = contentsById();
    expect(contents.every(({ size }) => size === 1)).toBe(true);
    expect(reader.events.length).toBeGreaterThan(contents.length);
    expect(Math.max(...deliveredByOrder().values())).toBe(1_000);
  });

  it('closes an order that is cancelled, or whose session ends', async () => {
    running = run(SPEED.slow);
    await publish(TOPICS.orders, [
      ordered('one'),
      ordered('two', { sessionId: 's1' }),
      ordered('three', { sessionId: 's2' }),
    ]);
    await vi.waitFor(() => expect(running!.openCount()).toBe(3), WITHIN);
    await publish(TOPICS.orders, [cancelled('one')]);
    await vi.waitFor(async () => {
      // Again and again: it reads only the activity that comes after it has begun to.
      await publish(TOPICS.activity, [sessionEnded('s1')]);
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
    await broker.publish([
      { topic: TOPICS.orders, key: 'm1', value: 'not an order' },
    ]);
    await publish(TOPICS.orders, [ordered('one')]);
    await vi.waitFor(() => expect(closed().has('one')).toBe(true), WITHIN);
  });

  /** Starts it; as {@link Running.stop} ends, all of it has ended. */
  function run(speed: number): Running {
    const stopping = new AbortController();
    const metrics = new SimulatorMetrics(new Registry());
    const countOpenOrders = vi.spyOn(metrics, 'countOpenOrders');
    const adDelivery = new AdDelivery({
      kafka,
      broker,
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

  function publishOrders(): Promise<void> {
    return publish(
      TOPICS.orders,
      Array.from({ length: ORDERS }, (_, index) => ({
        ...ordered(`order-${index}`),
        merchantId: `m${index % 7}`,
      })),
    );
  }

  async function publish(
    topic: string,
    events: readonly (PromotionOrderEvent | ActivityEventOf<'live.ended'>)[],
  ): Promise<void> {
    await broker.publish(
      events.map((event) => ({ topic, ...writeEvent(onWire(event)) })),
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

function onWire({
  merchantId,
  occurredAtMs,
  ...rest
}: PromotionOrderEvent | ActivityEventOf<'live.ended'>): CloudEvent {
  return {
    specversion: '1.0',
    subject: merchantId,
    time: new Date(occurredAtMs).toISOString(),
    ...rest,
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import {
  activityContract,
  promotionOrderContract,
  readEvent,
  TOPICS,
  type DeliveryEvent,
} from '@app/contracts';
import type { EventPublisher } from '@app/contracts/kafkajs';
import { describeError } from '@app/platform';
import { Repeater } from '@app/streaming';
import type { FastClock } from '../fast-clock.js';
import { persist } from '../persist.js';
import type { SimulatorMetrics } from '../simulator.metrics.js';
import { Deliveries } from './deliveries.js';
import { OpenOffsets } from './open-offsets.js';

export interface AdDeliveryOptions {
  kafka: Kafka;
  publisher: EventPublisher<DeliveryEvent>;
  clock: FastClock;
  seed: number;
  metrics: SimulatorMetrics;
}

const GROUP_ID = 'ad-delivery';
const SESSION_TIMEOUT_MS = 10_000;
const MAX_OPEN_ORDERS = 50_000;
const MAX_BATCH_EVENTS = 1_000;
const IDLE_MS = 100;
const COMMIT_INTERVAL_MS = 2_000;
const SESSION_END = 'live.ended';

/**
 * A stand-in for the ad-delivery service: takes promotion orders off Kafka and reports what it delivers.
 * An order's offset is committed when the order is closed, so that a restart loses none; what is delivered
 * and reported a second time then has the ids that it had before.
 */
export class AdDelivery {
  readonly #logger = new Logger(AdDelivery.name);
  readonly #consumer: Consumer;
  readonly #deliveries: Deliveries;
  readonly #offsets = new OpenOffsets();
  #joined = false;

  constructor(private readonly options: AdDeliveryOptions) {
    this.#deliveries = new Deliveries(options.seed);
    this.#consumer = options.kafka.consumer({
      groupId: GROUP_ID,
      allowAutoTopicCreation: false,
      sessionTimeout: SESSION_TIMEOUT_MS,
      maxWaitTimeInMs: 250,
      retry: { restartOnFailure: () => Promise.resolve(true) },
    });
    options.metrics.countOpenOrders(() => this.#deliveries.openCount);
  }

  /** @throws Error where this process is not a member of its consumer group */
  checkJoined(): Promise<void> {
    return this.#joined
      ? Promise.resolve()
      : Promise.reject(new Error(`not a member of the group ${GROUP_ID}`));
  }

  /**
   * Delivers until the signal aborts.
   *
   * @throws Error where the consumer has given up
   */
  async run(signal: AbortSignal): Promise<void> {
    const commits = new Repeater(
      () => this.#commit(),
      COMMIT_INTERVAL_MS,
      // They are committed with the next ones; until then more would be read again.
      (error) => this.#logger.warn(`offsets not committed: ${error.message}`),
    );
    const crashed = this.#watchConsumer();
    try {
      await persist(() => this.#consumer.connect(), signal, this.#onFailure);
      await this.#consume(signal);
      commits.start();
      await Promise.race([this.#reportDue(signal), crashed]);
    } finally {
      await commits.stop();
      if (this.#joined) await this.#commit().catch(() => undefined);
      await this.#consumer.disconnect();
    }
  }

  readonly #onFailure = (error: unknown, delayMs: number): void =>
    this.#logger.warn(`${describeError(error)}; trying again in ${delayMs} ms`);

  /** Rejects where the consumer stops for good: kafkajs only says so in an event. */
  #watchConsumer(): Promise<never> {
    this.#consumer.on('consumer.group_join', () => {
      this.#joined = true;
    });
    this.#consumer.on('consumer.stop', () => {
      this.#joined = false;
    });
    return new Promise((_, reject) => {
      this.#consumer.on('consumer.crash', ({ payload }) => {
        this.#joined = false;
        if (!payload.restart) reject(payload.error);
      });
    });
  }

  async #consume(signal: AbortSignal): Promise<void> {
    await this.#consumer.subscribe({
      topic: TOPICS.orders,
      fromBeginning: true,
    });
    // Only for the ends of sessions to come: an order for an older one ends by its deadline.
    await this.#consumer.subscribe({ topic: TOPICS.activity });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#take(payload, signal),
    });
  }

  async #take(payload: EachBatchPayload, signal: AbortSignal): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const isFull = () => this.#deliveries.openCount >= MAX_OPEN_ORDERS;
    for (const message of messages) {
      while (isFull() && payload.isRunning()) {
        await payload.heartbeat();
        await sleep(IDLE_MS, undefined, { signal });
      }
      if (!payload.isRunning() || payload.isStale()) return;
      const openId =
        topic === TOPICS.orders
          ? this.#takeOrder(message)
          : this.#takeActivity(message);
      this.#offsets.taken(topic, partition, BigInt(message.offset), openId);
      payload.resolveOffset(message.offset);
    }
  }

  /** Answers the id of the order that is open for this message, if one is. */
  #takeOrder(message: KafkaMessage): string | undefined {
    const read = readEvent(promotionOrderContract, message);
    if (!read.ok) {
      this.#logger.warn(`an order that cannot be read: ${read.detail}`);
      return undefined;
    }
    const { event } = read;
    const nowMs = this.options.clock.nowMs();
    if (event.type === 'promotion.cancelled') {
      this.#deliveries.cancel(event, nowMs);
      return undefined;
    }
    return this.#deliveries.order(event, nowMs)
      ? event.data.promotionOrderId
      : undefined;
  }

  #takeActivity(message: KafkaMessage): undefined {
    // Most activity is something else: it is not worth parsing.
    const { value, headers } = message;
    const mayEndSession =
      value?.includes(SESSION_END) ||
      headers?.ce_type?.toString() === SESSION_END;
    if (!mayEndSession) return;
    const read = readEvent(activityContract, message);
    if (read.ok && read.event.type === SESSION_END)
      this.#deliveries.endSession(read.event, this.options.clock.nowMs());
  }

  async #reportDue(signal: AbortSignal): Promise<never> {
    const { publisher, clock, metrics } = this.options;
    for (;;) {
      const { events, closedIds } = this.#deliveries.takeDue(
        clock.nowMs(),
        MAX_BATCH_EVENTS,
      );
      if (events.length === 0) {
        await sleep(IDLE_MS, undefined, { signal });
        continue;
      }
      await persist(() => publisher.publish(events), signal, this.#onFailure);
      for (const id of closedIds) this.#offsets.done(id);
      metrics.published(TOPICS.delivery, events);
    }
  }

  async #commit(): Promise<void> {
    const offsets = this.#offsets.toCommit();
    if (offsets.length === 0) return;
    await this.#consumer.commitOffsets(offsets);
    this.#offsets.committed(offsets);
  }
}

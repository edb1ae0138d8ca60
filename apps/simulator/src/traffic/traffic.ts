import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { TOPICS, type ActivityEvent } from '@app/contracts';
import type { EventPublisher } from '@app/contracts/kafkajs';
import { describeError } from '@app/platform';
import type { FastClock } from '../fast-clock.js';
import { persist } from '../persist.js';
import type { SimulatorMetrics } from '../simulator.metrics.js';
import type { TimedEvent } from '../world/merchant-life.js';

export interface TrafficOptions {
  /** In the order of time, without end. */
  events: Iterator<TimedEvent, never>;
  publisher: EventPublisher<ActivityEvent>;
  clock: FastClock;
  metrics: SimulatorMetrics;
}

const MAX_BATCH_EVENTS = 1_000;
/** Events that come one by one are sent together, so seldom. */
const LEAST_WAIT_MS = 50;
/** On a slow clock the next event may be weeks away, and Node's timers take no more than 24 days. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Publishes a world's activity as its clock runs. Where Kafka is away it tries again until it is back, and
 * then catches up: nothing is left out, and one merchant's events stay in order.
 */
export class Traffic {
  readonly #logger = new Logger(Traffic.name);

  constructor(private readonly options: TrafficOptions) {}

  /** Publishes until the signal aborts. */
  async run(signal: AbortSignal): Promise<never> {
    const { events, publisher, clock, metrics } = this.options;
    let next = events.next().value;
    for (;;) {
      const batch: TimedEvent['event'][] = [];
      const nowMs = clock.nowMs();
      while (next.atMs <= nowMs && batch.length < MAX_BATCH_EVENTS) {
        batch.push(next.event);
        next = events.next().value;
      }
      if (batch.length > 0) {
        await persist(
          () => publisher.publish(batch),
          signal,
          (error, delayMs) =>
            this.#logger.warn(
              `${describeError(error)}; trying again in ${delayMs} ms`,
            ),
        );
        metrics.published(TOPICS.activity, batch);
      }
      const waitMs = Math.min(
        Math.max(LEAST_WAIT_MS, clock.realMsUntil(next.atMs)),
        LONGEST_WAIT_MS,
      );
      if (batch.length < MAX_BATCH_EVENTS)
        await sleep(waitMs, undefined, { signal });
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { HttpStatus, type OnApplicationShutdown } from '@nestjs/common';
import type { Admin, Kafka } from 'kafkajs';
import { TOPICS, writeEvent, type ActivityCloudEvent } from '@app/contracts';
import { ProblemException } from '@app/platform';
import { KafkaBroker } from '@app/streaming';

const PUBLISH_DEADLINE_MS = 3_000;

/** Publishes what the api itself has to say on the activity topic. Connects when it is first used. */
export class ActivityPublisher implements OnApplicationShutdown {
  readonly #broker: KafkaBroker;
  readonly #admin: Admin;
  #connected: Promise<unknown> | undefined;

  constructor(
    kafka: Kafka,
    private readonly shardCount: number,
  ) {
    this.#broker = new KafkaBroker(kafka);
    this.#admin = kafka.admin();
  }

  /**
   * Resolves when every in-sync replica has the event.
   *
   * @throws ProblemException 503 `kafka-unavailable`; the event may arrive all the same
   */
  async publish(event: ActivityCloudEvent): Promise<void> {
    try {
      await withDeadline(PUBLISH_DEADLINE_MS, this.#publish(event));
    } catch (error) {
      throw new ProblemException({
        kind: 'kafka-unavailable',
        status: HttpStatus.SERVICE_UNAVAILABLE,
        detail: 'Kafka does not take the event; try again.',
        cause: error,
      });
    }
  }

  /** @throws Error where Kafka is away, or its topic is not the one that this installation was made for */
  async check(): Promise<void> {
    await this.#connect();
    const { topics } = await this.#admin.fetchTopicMetadata({
      topics: [TOPICS.activity],
    });
    const partitions = topics[0]?.partitions.length;
    if (partitions !== this.shardCount)
      throw new Error(
        `${TOPICS.activity} has ${partitions} partitions, but there are ${this.shardCount} shards`,
      );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#broker.disconnect(), this.#admin.disconnect()]);
  }

  async #publish(event: ActivityCloudEvent): Promise<void> {
    await this.#connect();
    await this.#broker.publish([
      { topic: TOPICS.activity, ...writeEvent(event) },
    ]);
  }

  async #connect(): Promise<void> {
    this.#connected ??= Promise.all([
      this.#broker.connect(),
      this.#admin.connect(),
    ]);
    try {
      await this.#connected;
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
  }
}

async function withDeadline<Result>(
  deadlineMs: number,
  work: Promise<Result>,
): Promise<Result> {
  const timer = new AbortController();
  const deadline = sleep(deadlineMs, undefined, { signal: timer.signal }).then(
    () => {
      throw new Error(`no answer within ${deadlineMs} ms`);
    },
  );
  try {
    return await Promise.race([work, deadline]);
  } finally {
    timer.abort();
  }
}

import type { OnApplicationShutdown } from '@nestjs/common';
import type { Admin, Kafka } from 'kafkajs';
import { TOPICS, writeEvent, type ActivityCloudEvent } from '@app/contracts';
import { KafkaBroker, type OutgoingMessage } from '@app/streaming';
import { answering } from '../kafka/answering.js';

/** Of the events that the api makes. */
export const API_SOURCE = 'urn:traffic-reward-ledger:api';

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
  publish(event: ActivityCloudEvent): Promise<void> {
    return this.send({ topic: TOPICS.activity, ...writeEvent(event) });
  }

  /** Like {@link publish}, of a message for any topic. */
  send(message: OutgoingMessage): Promise<void> {
    return answering(
      PUBLISH_DEADLINE_MS,
      'Kafka does not take the event; try again.',
      this.#send(message),
    );
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

  async #send(message: OutgoingMessage): Promise<void> {
    await this.#connect();
    await this.#broker.publish([message]);
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

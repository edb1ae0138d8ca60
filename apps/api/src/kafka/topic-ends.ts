import type { OnApplicationShutdown } from '@nestjs/common';
import type { Admin, Kafka } from 'kafkajs';
import { answering } from './answering.js';

const DEADLINE_MS = 3_000;

/** What a partition holds: from the first message that is kept to the one that comes next. */
export interface PartitionEnds {
  first: bigint;
  end: bigint;
}

/** By topic and partition. */
export type Ends = ReadonlyMap<string, ReadonlyMap<number, PartitionEnds>>;

/** Says how far topics go. Connects when it is first used. */
export class TopicEnds implements OnApplicationShutdown {
  readonly #admin: Admin;
  #connected: Promise<void> | undefined;

  constructor(kafka: Kafka) {
    this.#admin = kafka.admin();
  }

  /** @throws ProblemException 503 `kafka-unavailable` */
  read(topics: readonly string[]): Promise<Ends> {
    return answering(
      DEADLINE_MS,
      'Kafka does not say how far its topics go; try again.',
      this.#read(topics),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#admin.disconnect();
  }

  async #read(topics: readonly string[]): Promise<Ends> {
    this.#connected ??= this.#admin.connect();
    try {
      await this.#connected;
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
    return new Map(
      await Promise.all(
        topics.map(async (topic) => {
          const partitions = await this.#admin.fetchTopicOffsets(topic);
          const ends = partitions.map(
            ({ partition, low, high }): [number, PartitionEnds] => [
              partition,
              { first: BigInt(low), end: BigInt(high) },
            ],
          );
          return [topic, new Map(ends)] as const;
        }),
      ),
    );
  }
}

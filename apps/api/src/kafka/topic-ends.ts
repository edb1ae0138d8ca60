import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Admin, Kafka } from 'kafkajs';
import { answering } from './answering.js';

const DEADLINE_MS = 3_000;
const RETRY_AFTER_MS = 200;

/** What a partition holds: from the first message that is kept to the one that comes next. */
export interface PartitionEnds {
  first: bigint;
  end: bigint;
}

/** By topic and partition. */
export type Ends = ReadonlyMap<string, ReadonlyMap<number, PartitionEnds>>;

/** Says how far topics go. Connects when it is first used. */
export class TopicEnds implements OnApplicationShutdown {
  #admin: Promise<Admin> | undefined;

  constructor(private readonly kafka: Kafka) {}

  /** @throws ProblemException 503 `kafka-unavailable` */
  read(topics: readonly string[]): Promise<Ends> {
    return answering(
      DEADLINE_MS,
      'Kafka does not say how far its topics go; try again.',
      this.#read(topics),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#letGo();
  }

  async #read(topics: readonly string[]): Promise<Ends> {
    const untilMs = performance.now() + DEADLINE_MS;
    for (;;) {
      try {
        return await this.#readOnce(topics);
      } catch (error) {
        // An admin goes on asking brokers that no longer lead a partition: a new one asks who does.
        await this.#letGo();
        if (performance.now() + RETRY_AFTER_MS >= untilMs) throw error;
        await sleep(RETRY_AFTER_MS);
      }
    }
  }

  async #readOnce(topics: readonly string[]): Promise<Ends> {
    this.#admin ??= connected(this.kafka.admin());
    const admin = await this.#admin;
    return new Map(
      await Promise.all(
        topics.map(async (topic) => {
          const partitions = await admin.fetchTopicOffsets(topic);
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

  async #letGo(): Promise<void> {
    const admin = await this.#admin?.catch(() => undefined);
    this.#admin = undefined;
    await admin?.disconnect();
  }
}

async function connected(admin: Admin): Promise<Admin> {
  await admin.connect();
  return admin;
}

import { randomUUID } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { answering } from './answering.js';

/** The group may take seconds to form where the broker waits for more members. */
const DEADLINE_MS = 8_000;
/** A consumer that is paused sleeps so long before it looks whether it is to go on. */
const LOOKS_EVERY_MS = 100;

export interface PageRequest {
  partition: number;
  /** Of the first message. */
  offset: bigint;
  /** The offset that the next message of the partition will have: nothing is waited for from there on. */
  end: bigint;
  limit: number;
  /** The page ends with the message that goes beyond. */
  bytesMax: number;
}

interface OpenRequest extends PageRequest {
  found: KafkaMessage[];
  bytes: number;
  resolve: (messages: KafkaMessage[]) => void;
}

/**
 * Reads pages of a topic from any place, one after the other. It is a consumer of a group of its own, since kafkajs
 * knows no other way to read; it commits nothing, and takes nothing between pages. Joins when it is first used.
 */
export class PageReader implements OnApplicationShutdown {
  readonly #consumer: Consumer;
  #joined: Promise<void> | undefined;
  #open: OpenRequest | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    kafka: Kafka,
    private readonly topic: string,
  ) {
    this.#consumer = kafka.consumer({
      groupId: `api-pages-${randomUUID()}`,
      maxWaitTimeInMs: LOOKS_EVERY_MS,
    });
  }

  /** @throws ProblemException 503 `kafka-unavailable` */
  read(request: PageRequest): Promise<KafkaMessage[]> {
    if (request.offset >= request.end) return Promise.resolve([]);
    const page = this.#turn.then(() =>
      answering(
        DEADLINE_MS,
        'Kafka does not give the messages; try again.',
        this.#read(request),
      ).finally(() => this.#close()),
    );
    this.#turn = page.catch(() => undefined);
    return page;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#consumer.disconnect();
  }

  async #read(request: PageRequest): Promise<KafkaMessage[]> {
    this.#joined ??= this.#join();
    try {
      await this.#joined;
    } catch (error) {
      this.#joined = undefined;
      throw error;
    }
    const { topic } = this;
    const { partition, offset } = request;
    return new Promise((resolve) => {
      this.#open = { ...request, found: [], bytes: 0, resolve };
      this.#consumer.seek({ topic, partition, offset: String(offset) });
      this.#consumer.resume([{ topic, partitions: [partition] }]);
    });
  }

  async #join(): Promise<void> {
    const { topic } = this;
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic });
    const joined = new Promise<void>((resolve) => {
      this.#consumer.on(
        this.#consumer.events.GROUP_JOIN,
        ({ payload: { memberAssignment } }) => {
          const partitions = memberAssignment[topic] ?? [];
          this.#consumer.pause([{ topic, partitions }]);
          resolve();
        },
      );
    });
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: (payload) => this.#take(payload),
    });
    await joined;
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const open = this.#open;
    if (!open || payload.isStale() || batch.partition !== open.partition)
      return;
    for (const message of batch.messages) {
      if (BigInt(message.offset) < open.offset) continue;
      if (isFull(open)) break;
      open.found.push(message);
      open.bytes += message.value?.length ?? 0;
    }
    if (isFull(open) || BigInt(batch.lastOffset()) + 1n >= open.end)
      this.#close();
  }

  #close(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = null;
    this.#consumer.pause([{ topic: this.topic, partitions: [open.partition] }]);
    open.resolve(open.found);
  }
}

function isFull({ found, limit, bytes, bytesMax }: OpenRequest): boolean {
  return found.length >= limit || bytes >= bytesMax;
}

import type { Kafka, Producer } from 'kafkajs';
import { InvalidEventError } from '../build-event.js';
import type { CloudEvent } from '../cloud-event.js';
import type { CloudEventOf, TopicContract } from '../event.js';
import {
  readEvent,
  writeEvent,
  type ContentMode,
  type WrittenMessage,
} from '../wire.js';
import { shardPartitioner } from './shard-partitioner.js';

/** Somewhere to publish a topic's events to. */
export interface EventPublisher<Event> {
  /** Resolves once all are durable; some of them may be where it rejects. */
  publish(events: readonly CloudEventOf<Event>[]): Promise<void>;
}

export interface EventProducerOptions {
  /** `structured` unless it is given. */
  mode?: ContentMode;
}

/** Kafka takes 1 MiB in one batch of a partition, unless told otherwise; an event is up to 256 KiB. */
const MAX_BATCH_BYTES = 512 * 1024;

interface Waiting {
  messages: WrittenMessage[];
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Publishes a topic's events through kafkajs: keyed by merchant, on the partition of the merchant's shard,
 * acknowledged by all in-sync replicas, and idempotent, so that what kafkajs sends again is not there twice.
 *
 * kafkajs numbers an idempotent producer's batches anew after each failure. A batch that is sent while another one is
 * being repeated, or after one was given up, may then bear the number of a batch that Kafka has, and is dropped as its
 * duplicate, without an error. So one request is on its way at a time, and a failure ends the kafkajs producer: the next
 * call begins with another one.
 */
export class EventProducer<Event> implements EventPublisher<Event> {
  readonly #mode: ContentMode;
  #producer: Promise<Producer> | undefined;
  #waiting: Waiting[] = [];
  #sending: Promise<void> = Promise.resolve();
  #isSending = false;

  /**
   * @param kafka how often and how long it tries again is its `retry`
   */
  constructor(
    private readonly kafka: Pick<Kafka, 'producer'>,
    private readonly contract: TopicContract<Event>,
    { mode = 'structured' }: EventProducerOptions = {},
  ) {
    this.#mode = mode;
  }

  /** Connects now rather than with the first event. */
  async connect(): Promise<void> {
    await this.#connected();
  }

  /** Waits for what is being published, and disconnects. */
  async disconnect(): Promise<void> {
    await this.#sending;
    await this.#abandon();
  }

  /**
   * Publishes events in their order; calls that come while others are on their way go together.
   *
   * @returns resolved once every in-sync replica has them all
   * @throws InvalidEventError where one of them is not valid; then none is sent
   * @throws KafkaJSError where Kafka does not take them: some may be there. Publish the same events again, with the ids
   * that they have. Calls that wait behind fail with it, so that none overtakes
   */
  async publish(events: readonly CloudEventOf<Event>[]): Promise<void> {
    const messages = events.map((event) => this.#write(event));
    await Promise.all(
      intoBatches(messages).map((batch) => this.#enqueue(batch)),
    );
  }

  #write(event: CloudEvent): WrittenMessage {
    const message = writeEvent(event, this.#mode);
    const read = readEvent(this.contract, {
      ...message,
      value: Buffer.from(message.value),
    });
    if (!read.ok) throw new InvalidEventError(event, read);
    return message;
  }

  #enqueue(batch: Batch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...batch, resolve, reject });
      if (!this.#isSending) this.#sending = this.#sendAll();
    });
  }

  /** Never rejects: who waits is told. */
  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const taken = takeTogether(this.#waiting);
      try {
        await this.#send(taken.flatMap(({ messages }) => messages));
        for (const { resolve } of taken) resolve();
      } catch (error) {
        await this.#abandon();
        for (const { reject } of [...taken, ...this.#waiting.splice(0)])
          reject(error);
      }
    }
    this.#isSending = false;
  }

  async #send(messages: WrittenMessage[]): Promise<void> {
    const producer = await this.#connected();
    await producer.send({ topic: this.contract.topic, acks: -1, messages });
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect().catch((error: unknown) => {
      this.#producer = undefined;
      throw error;
    });
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: shardPartitioner,
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    return producer;
  }

  async #abandon(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer
      ?.then((connected) => connected.disconnect())
      .catch(() => undefined);
  }
}

type Batch = Pick<Waiting, 'messages' | 'bytes'>;

function intoBatches(messages: readonly WrittenMessage[]): Batch[] {
  const batches: Batch[] = [];
  for (const message of messages) {
    const bytes = sizeOf(message);
    const last = batches.at(-1);
    if (last && last.bytes + bytes <= MAX_BATCH_BYTES) {
      last.messages.push(message);
      last.bytes += bytes;
    } else batches.push({ messages: [message], bytes });
  }
  return batches;
}

/** Takes from the front what fits into one batch, and at least one. */
function takeTogether(waiting: Waiting[]): Waiting[] {
  let count = 0;
  let bytes = 0;
  for (const next of waiting) {
    bytes += next.bytes;
    if (count > 0 && bytes > MAX_BATCH_BYTES) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

function sizeOf({ key, value, headers }: WrittenMessage): number {
  let bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
  for (const [name, text] of Object.entries(headers))
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  return bytes;
}

import { randomUUID } from 'node:crypto';
import type { Consumer, Kafka } from 'kafkajs';
import { readEvent, type TopicContract } from '@app/contracts';

/** To stop takes as long. */
const LOOKS_EVERY_MS = 100;

/** Everything that comes on a topic, from its beginning, in the order in which it comes. */
export class TopicReader<Event> {
  readonly events: Event[] = [];
  readonly #consumer: Consumer;

  constructor(
    kafka: Kafka,
    private readonly topic: string,
    private readonly contract: TopicContract<Event>,
  ) {
    this.#consumer = kafka.consumer({
      groupId: randomUUID(),
      maxWaitTimeInMs: LOOKS_EVERY_MS,
    });
  }

  async start(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await this.#consumer.run({
      eachMessage: ({ message }) => {
        const read = readEvent(this.contract, message);
        if (!read.ok) throw new Error(`${this.topic}: ${read.detail}`);
        this.events.push(read.event);
        return Promise.resolve();
      },
    });
  }

  async stop(): Promise<void> {
    await this.#consumer.disconnect();
  }
}

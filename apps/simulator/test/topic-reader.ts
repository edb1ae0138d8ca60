import { randomUUID } from 'node:crypto';
import type { Consumer, Kafka } from 'kafkajs';
import { readEvent, type TopicContract } from '@app/contracts';

/** Everything that comes on a topic, from its beginning, in the order in which it comes. */
export class TopicReader<Event> {
  readonly events: Event[] = [];
  readonly #consumer: Consumer;

  constructor(
    kafka: Kafka,
    private readonly topic: string,
    private readonly contract: TopicContract<Event>,
  ) {
    this.#consumer = kafka.consumer({ groupId: randomUUID() });
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

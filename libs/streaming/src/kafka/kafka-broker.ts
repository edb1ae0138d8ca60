import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import type { Broker, OutgoingMessage } from '../ports.js';

/** {@link Broker} over a kafkajs producer: every message acknowledged by all in-sync replicas, in order. */
export class KafkaBroker implements Broker {
  readonly #producer: Producer;

  constructor(kafka: Kafka) {
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // A second request in flight could overtake the retry of the first.
      maxInFlightRequests: 1,
    });
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  disconnect(): Promise<void> {
    return this.#producer.disconnect();
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const byTopic = new Map<string, Message[]>();
    for (const { topic, ...message } of messages) {
      const ofTopic = byTopic.get(topic);
      if (ofTopic) ofTopic.push(message);
      else byTopic.set(topic, [message]);
    }
    await this.#producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, ofTopic]) => ({
        topic,
        messages: ofTopic,
      })),
    });
  }
}

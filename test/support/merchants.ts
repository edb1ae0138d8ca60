import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import {
  TOPICS,
  writeEvent,
  type ActivityCloudEvent,
  type ActivityData,
  type ActivityType,
} from '@app/contracts';
import { KafkaBroker, type OutgoingMessage } from '@app/streaming';

/** Publishes as the platform's services do. */
export class ServicesStandIn {
  readonly #broker: KafkaBroker;

  constructor(kafkaBrokers: string) {
    this.#broker = new KafkaBroker(
      new Kafka({
        brokers: kafkaBrokers.split(','),
        logLevel: logLevel.NOTHING,
      }),
    );
  }

  connect(): Promise<void> {
    return this.#broker.connect();
  }

  disconnect(): Promise<void> {
    return this.#broker.disconnect();
  }

  publish(events: readonly ActivityCloudEvent[]): Promise<void> {
    return this.send(
      events.map((event) => ({ topic: TOPICS.activity, ...writeEvent(event) })),
    );
  }

  /** Anything, also what no service should send. */
  send(messages: readonly OutgoingMessage[]): Promise<void> {
    return this.#broker.publish(messages);
  }
}

/** An event that happens now, or when it is said, with an id that no other has. */
export function happening<Type extends ActivityType>(
  merchantId: string,
  type: Type,
  data: ActivityData<Type>,
  atMs: number = Date.now(),
): ActivityCloudEvent {
  return {
    specversion: '1.0',
    source: 'urn:test',
    id: randomUUID(),
    type,
    subject: merchantId,
    time: new Date(atMs).toISOString(),
    data,
  } as ActivityCloudEvent;
}

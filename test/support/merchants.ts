import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import {
  activityContract,
  buildEvent,
  type ActivityCloudEvent,
  type ActivityData,
  type ActivityEvent,
  type ActivityType,
} from '@app/contracts';
import { EventProducer } from '@app/contracts/kafkajs';
import { KafkaBroker, type OutgoingMessage } from '@app/streaming';

/** Publishes as the platform's services do. */
export class ServicesStandIn {
  readonly #producer: EventProducer<ActivityEvent>;
  readonly #broker: KafkaBroker;

  constructor(kafkaBrokers: string) {
    const kafka = new Kafka({
      brokers: kafkaBrokers.split(','),
      logLevel: logLevel.NOTHING,
    });
    this.#producer = new EventProducer(kafka, activityContract);
    this.#broker = new KafkaBroker(kafka);
  }

  async connect(): Promise<void> {
    await Promise.all([this.#producer.connect(), this.#broker.connect()]);
  }

  async disconnect(): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.#broker.disconnect()]);
  }

  publish(events: readonly ActivityCloudEvent[]): Promise<void> {
    return this.#producer.publish(events);
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
  return buildEvent(activityContract, {
    source: 'urn:test',
    id: randomUUID(),
    type,
    merchantId,
    occurredAtMs: atMs,
    data,
  } as ActivityEvent);
}

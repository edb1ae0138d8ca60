import { randomUUID } from 'node:crypto';
import { Socket, connect } from 'node:net';
import type { MessageHandler } from '@nestjs/microservices';
import {
  Kafka,
  logLevel,
  type ISocketFactory,
  type KafkaConfig,
  type Message,
} from 'kafkajs';
import {
  KafkaBatchStrategy,
  type KafkaBatchOptions,
  type ReceivedMessage,
  type SourceBatch,
} from '@app/streaming';

export type Batch = SourceBatch<ReceivedMessage>;

export function connectTo(
  brokers: string,
  clientId = 'test',
  options: Pick<KafkaConfig, 'socketFactory' | 'retry'> = {},
): Kafka {
  return new Kafka({
    brokers: brokers.split(','),
    clientId,
    logLevel: logLevel.NOTHING,
    ...options,
  });
}

export function newGroup(): string {
  return `test-${randomUUID()}`;
}

/** A running consumer of one topic. */
export async function startConsumer(
  topic: string,
  options: KafkaBatchOptions,
  handler: (batch: Batch) => Promise<bigint>,
): Promise<KafkaBatchStrategy> {
  const strategy = new KafkaBatchStrategy(options);
  strategy.addHandler(topic, handler as MessageHandler);
  let failure: unknown;
  await strategy.listen((error) => {
    failure = error;
  });
  if (failure === undefined) return strategy;
  await strategy.close();
  throw failure as Error;
}

export async function publish(
  kafka: Kafka,
  topic: string,
  messages: Message[],
): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** Messages of one partition whose values count up from `from` to before `to`. */
export function numbered(
  partition: number,
  from: number,
  to: number,
): Message[] {
  return Array.from({ length: to - from }, (_, i) => ({
    partition,
    value: String(from + i),
  }));
}

/** The values of `numbered` messages from 0 to before `count`. */
export function countTo(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

const CUT = new Error('the line is cut');

/** A process's line to Kafka, which can be cut. */
export class Line {
  #isCut = false;
  readonly #sockets = new Set<Socket>();

  readonly connect: ISocketFactory = ({ host, port, onConnect }) => {
    if (this.#isCut) return new Socket().destroy(CUT);
    const socket = connect({ host, port }, onConnect);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  };

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy(CUT);
  }

  mend(): void {
    this.#isCut = false;
  }
}

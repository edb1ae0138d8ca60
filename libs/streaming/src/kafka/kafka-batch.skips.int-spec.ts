import { Logger } from '@nestjs/common';
import type { Kafka, Message } from 'kafkajs';
import { inject } from 'vitest';
import { eventually } from '../../../../test/support/eventually.js';
import { createTopic } from '../../../../test/support/topics.js';
import {
  connectTo,
  countTo,
  newGroup,
  numbered,
  publish,
  startConsumer,
} from '../../test/kafka.js';
import {
  countParcels,
  simulateWorld,
  type Parcel,
} from '../../test/simulated-world.js';
import type { ReceivedMessage } from '../dead-letter.js';
import { ShardWriters } from '../shard-writers.js';

describe('a shard whose offsets skip', () => {
  const kafka = connectTo(inject('kafkaBrokers'));
  const world = simulateWorld();
  let topic: string;
  let groupId: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    topic = await createTopic(inject('kafkaBrokers'), 1);
    groupId = newGroup();
  });

  it('counts what was committed, through ends of transactions and aborted ones', async () => {
    await publishTogether(kafka, topic, numbered(0, 0, 2), 'commit');
    await publishTogether(kafka, topic, numbered(0, 100, 102), 'abort');
    await publish(kafka, topic, numbered(0, 2, 3));
    await publishTogether(kafka, topic, numbered(0, 3, 4), 'commit');

    const consumer = await start();
    await eventually(() => expect(world.counted()).toEqual(countTo(4)));
    await publishTogether(kafka, topic, numbered(0, 4, 6), 'commit');
    await eventually(() => expect(world.counted()).toEqual(countTo(6)));
    await consumer.close();
  });

  it('goes on in another process from where the last end stood', async () => {
    const consumer = await start();
    await publish(kafka, topic, numbered(0, 6, 8));
    await eventually(() => expect(world.counted()).toEqual(countTo(8)));
    await consumer.close();
  });

  function start() {
    const { store, broker, clock } = world;
    const writers = new ShardWriters(store, broker, clock, countParcels);
    return startConsumer(topic, { kafka, groupId, shardCount: 1 }, (batch) =>
      writers.take({ ...batch, messages: batch.messages.map(parcelOf) }),
    );
  }
});

function parcelOf({ position, value }: ReceivedMessage): Parcel {
  return {
    name: String(value),
    position,
    isRefused: false,
    callsForOrder: false,
  };
}

async function publishTogether(
  kafka: Kafka,
  topic: string,
  messages: Message[],
  end: 'commit' | 'abort',
): Promise<void> {
  const producer = kafka.producer({
    transactionalId: `of-${topic}`,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages });
  await transaction[end]();
  await producer.disconnect();
}

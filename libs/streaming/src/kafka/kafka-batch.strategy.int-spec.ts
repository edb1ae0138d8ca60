import { Logger } from '@nestjs/common';
import type { Kafka } from 'kafkajs';
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
  type Batch,
} from '../../test/kafka.js';
import type { KafkaBatchStrategy } from './kafka-batch.strategy.js';

const PARTITIONS = 2;
const MAX_BATCH = 10;

describe('batches from Kafka', () => {
  let kafka: Kafka;
  let topic: string;
  let groupId: string;
  const consumers: KafkaBatchStrategy[] = [];

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    kafka = connectTo(inject('kafkaBrokers'));
    topic = await createTopic(inject('kafkaBrokers'), PARTITIONS);
    groupId = newGroup();
  });
  afterEach(close);

  it('bring each partition’s messages in order, without a gap, unchanged', async () => {
    await publish(kafka, topic, [
      ...numbered(0, 0, 25),
      ...numbered(1, 0, 5),
      { partition: 1, key: 'm1', value: null, headers: { trace: 't1' } },
    ]);
    const batches = await consume();
    await eventually(() => {
      expect(valuesOf(batches, 0)).toEqual(countTo(25));
      expect(valuesOf(batches, 1)).toEqual([...countTo(5), 'null']);
    });
    for (const shard of [0, 1]) {
      let position = 0n;
      for (const { from, next, messages } of batches.filter(of(shard))) {
        expect(from).toBe(position);
        expect(messages.length).toBeLessThanOrEqual(MAX_BATCH);
        position = next;
      }
    }
    expect(batches.filter(of(1)).at(-1)!.messages.at(-1)).toEqual({
      topic,
      partition: 1,
      position: 5n,
      key: Buffer.from('m1'),
      value: null,
      headers: { trace: Buffer.from('t1') },
      publishedAtMs: expect.closeTo(Date.now(), -6) as number,
    });
  });

  it('go on where the handler says, before and beyond Kafka’s committed offset', async () => {
    await publish(kafka, topic, numbered(0, 0, 8));
    await consume();
    await eventually(async () => expect(await committed(0)).toBe('8'));
    await close();

    await publish(kafka, topic, numbered(0, 8, 12));
    const answers = [3n, 5n, 10n];
    const batches = await consume(({ next }) =>
      Promise.resolve(answers.shift() ?? next),
    );
    await eventually(() => expect(valuesOf(batches, 0)).toContain('11'));
    expect(batches.map(({ from }) => from)).toEqual([8n, 3n, 5n, 10n]);
    expect(batches.at(-1)!.messages.map(({ position }) => position)).toEqual([
      10n,
      11n,
    ]);
    await eventually(async () => expect(await committed(0)).toBe('12'));
  });

  it('go on where the handler says, also where nothing new is published', async () => {
    await publish(kafka, topic, numbered(0, 0, 8));
    await consume();
    await eventually(async () => expect(await committed(0)).toBe('8'));
    await close();

    const batches = await consume(undefined, ({ shard, next }) =>
      Promise.resolve(shard === 0 ? 3n : next),
    );
    await eventually(() => {
      expect(valuesOf(batches, 0)).toEqual(['3', '4', '5', '6', '7']);
    });
  });

  it('say where their partition begins, also after its start was cut off', async () => {
    await publish(kafka, topic, numbered(0, 0, 8));
    const admin = kafka.admin();
    await admin.connect();
    // kafkajs deletes only where it has looked before.
    await admin.fetchTopicOffsets(topic);
    const partitions = [{ partition: 0, offset: '5' }];
    await admin.deleteTopicRecords({ topic, partitions });
    await admin.disconnect();
    const batches = await consume();
    await eventually(() => expect(batches).not.toEqual([]));
    expect(batches[0]).toMatchObject({ from: 5n, earliest: 5n, next: 8n });
  });

  it('come again after a failure, later each time, and nothing is skipped', async () => {
    await publish(kafka, topic, [...numbered(0, 0, 25), ...numbered(1, 0, 5)]);
    const failedAt: number[] = [];
    const taken: Batch[] = [];
    await consume((batch) => {
      if (batch.shard === 0 && batch.from === 10n && failedAt.length < 3) {
        failedAt.push(Date.now());
        return Promise.reject(new Error('the database is away'));
      }
      taken.push(batch);
      return Promise.resolve(batch.next);
    });
    await eventually(() => {
      expect(valuesOf(taken, 1)).toEqual(countTo(5));
      expect(valuesOf(taken, 0)).toEqual(countTo(25));
    });
    const [first, second, third] = failedAt as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(240);
    expect(third - second).toBeGreaterThanOrEqual(490);
  });

  it('of other partitions are taken while one fails, and its offset is not committed', async () => {
    await publish(kafka, topic, numbered(0, 0, 5));
    const batches = await consume(({ shard, next }) =>
      shard === 0 ? Promise.reject(new Error('no')) : Promise.resolve(next),
    );
    await eventually(() => expect(valuesOf(batches, 0)).not.toEqual([]));
    await publish(kafka, topic, numbered(1, 0, 5));
    await eventually(async () => expect(await committed(1)).toBe('5'));
    expect(await committed(0)).not.toBe('5');
  });

  it('are refused from a topic of another number of partitions, in a sentence', async () => {
    const options = { kafka, groupId, shardCount: 3 };
    await expect(
      startConsumer(topic, options, ({ next }) => Promise.resolve(next)),
    ).rejects.toThrow(
      `Topic ${topic} has 2 partitions and this installation 3 shards: ` +
        'both were fixed when they were made and must be the same.',
    );
  });

  it('come to a member of the group, which knows its shards', async () => {
    await consume();
    const [consumer] = consumers;
    await eventually(() => consumer!.checkJoined());
    const told: (readonly number[])[] = [];
    consumer!.on('assigned', (shards) => told.push(shards));
    expect(told).toEqual([[0, 1]]);
    await close();
    await expect(consumer!.checkJoined()).rejects.toThrow(
      `not a member of the group ${groupId}`,
    );
  });

  /** Starts a consumer of the group, and records what its handler is given. */
  async function consume(
    handler: (batch: Batch) => Promise<bigint> = ({ next }) =>
      Promise.resolve(next),
    goOnAt: (batch: Batch) => Promise<bigint> = ({ next }) =>
      Promise.resolve(next),
  ): Promise<Batch[]> {
    const batches: Batch[] = [];
    const options = {
      kafka,
      groupId,
      shardCount: PARTITIONS,
      maxBatchMessages: MAX_BATCH,
    };
    consumers.push(
      await startConsumer(topic, options, (batch) => {
        if (isQuestion(batch)) return goOnAt(batch);
        batches.push(batch);
        return handler(batch);
      }),
    );
    return batches;
  }

  async function close(): Promise<void> {
    await Promise.all(consumers.splice(0).map((one) => one.close()));
  }

  async function committed(partition: number): Promise<string | undefined> {
    const admin = kafka.admin();
    await admin.connect();
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    await admin.disconnect();
    return offsets?.partitions.find((one) => one.partition === partition)
      ?.offset;
  }
});

function isQuestion({ messages }: Batch): boolean {
  return messages.length === 0;
}

function of(shard: number) {
  return (batch: Batch) => batch.shard === shard;
}

function valuesOf(batches: readonly Batch[], shard: number): string[] {
  return batches
    .filter(of(shard))
    .flatMap(({ messages }) => messages.map(({ value }) => String(value)));
}

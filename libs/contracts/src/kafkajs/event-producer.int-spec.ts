import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { inject } from 'vitest';
import {
  readTopic,
  type MessageOnTopic,
} from '../../../../test/support/read-topic.js';
import { createTopic } from '../../../../test/support/topics.js';
import { DeafLine } from '../../test/deaf-line.js';
import { buildEvent, InvalidEventError } from '../build-event.js';
import { activityContract, type ActivityEvent } from '../event.js';
import { shardOf } from '../shard.js';
import type { Topic } from '../topics.js';
import { readEvent } from '../wire.js';
import { EventProducer, type EventProducerOptions } from './event-producer.js';

const PARTITIONS = 4;
const MERCHANTS = ['m1', 'm2', '商家', 'm4'];
const IMPATIENT = { requestTimeout: 1_000, retry: { retries: 1 } };
/** In which a request has arrived. */
const ON_ITS_WAY_MS = 100;

describe('the producer for publishing services', () => {
  const brokers = inject('kafkaBrokers');
  let line: DeafLine;
  let topic: string;
  let producer: EventProducer<ActivityEvent>;

  beforeEach(async () => {
    topic = await createTopic(brokers, PARTITIONS);
    line = new DeafLine();
    producer = newProducer();
  });
  afterEach(() => producer.disconnect());

  it.each(['structured', 'binary'] as const)(
    'publishes events in %s mode on the partition of their merchant’s shard, in order',
    async (mode) => {
      producer = newProducer({ mode });
      const events = Array.from({ length: 40 }, (_, i) =>
        listed(MERCHANTS[i % MERCHANTS.length]!, `p-${i}`),
      );
      await Promise.all([
        producer.publish(events.slice(0, 25)),
        producer.publish(events.slice(25)),
      ]);
      const messages = await readTopic(brokers, topic);
      expect(messages).toHaveLength(40);
      for (const merchantId of MERCHANTS) {
        const its = messages.filter(({ key }) => String(key) === merchantId);
        expect(its.map(readId)).toEqual(
          events.filter((e) => e.subject === merchantId).map(({ id }) => id),
        );
        expect(new Set(its.map(({ partition }) => partition))).toEqual(
          new Set([shardOf(merchantId, PARTITIONS)]),
        );
      }
    },
  );

  it('sends nothing of a call with an event that no reader would take', async () => {
    const good = listed('m1', 'p-1');
    const bad = { ...good, data: { productId: '' } };
    await expect(producer.publish([good, bad])).rejects.toThrow(
      InvalidEventError,
    );
    const large = listed('m1', 'p-2', { text: 'x'.repeat(256 * 1024) });
    await expect(producer.publish([good, large])).rejects.toThrow(
      'the value is over 262144 bytes',
    );
    expect(await readTopic(brokers, topic)).toEqual([]);
  });

  it('publishes more at once than Kafka takes in one batch', async () => {
    const text = 'x'.repeat(200 * 1024);
    const events = Array.from({ length: 12 }, (_, i) =>
      listed('m1', `p-${i}`, { text }),
    );
    await producer.publish(events);
    expect((await readTopic(brokers, topic)).map(readId)).toEqual(
      events.map(({ id }) => id),
    );
  });

  it('leaves one message of each event where the answer is lost and it has to send again', async () => {
    await producer.connect();
    await producer.publish([listed('m1', 'p-0')]);
    line.deafen();
    const calls = ['p-1', 'p-2', 'p-3'].map((productId) =>
      producer.publish([listed('m1', productId)]),
    );
    await sleep(ON_ITS_WAY_MS);
    line.cut();
    await Promise.all(calls);
    expect((await readTopic(brokers, topic)).map(readId)).toEqual([
      'p-0',
      'p-1',
      'p-2',
      'p-3',
    ]);
  });

  it('loses nothing after a call that failed, though Kafka may have what that one sent', async () => {
    producer = newProducer({}, IMPATIENT);
    await producer.publish([listed('m1', 'p-0')]);
    line.deafen();
    const failed = producer.publish([listed('m1', 'p-1')]);
    const behind = producer.publish([listed('m1', 'p-2')]);
    await expect(failed).rejects.toThrow('timed out');
    await expect(behind).rejects.toThrow('timed out');

    await producer.publish([listed('m1', 'p-3')]);
    const ids = (await readTopic(brokers, topic)).map(readId);
    expect(ids.slice(0, 2)).toEqual(['p-0', 'p-1']);
    expect(ids.at(-1)).toBe('p-3');
  });

  function newProducer(
    options: EventProducerOptions = {},
    client: Partial<KafkaConfig> = {},
  ) {
    const kafka = new Kafka({
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
      socketFactory: line.connect,
      ...client,
    });
    const contract = { ...activityContract, topic: topic as Topic };
    return new EventProducer(kafka, contract, options);
  }
});

function listed(merchantId: string, productId: string, more: object = {}) {
  return buildEvent(activityContract, {
    source: 'urn:test',
    id: productId,
    type: 'product.listed',
    merchantId,
    occurredAtMs: Date.now(),
    data: { productId, ...more },
  });
}

function readId(message: MessageOnTopic): string {
  const read = readEvent(activityContract, message);
  return read.ok ? read.event.id : read.detail;
}

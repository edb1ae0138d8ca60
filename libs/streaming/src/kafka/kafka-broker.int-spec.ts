import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { eventually } from '../../../../test/support/eventually.js';
import { createTopic } from '../../../../test/support/topics.js';
import { connectTo, newGroup, startConsumer } from '../../test/kafka.js';
import { deadLetter, forward, type ReceivedMessage } from '../dead-letter.js';
import { KafkaBroker } from './kafka-broker.js';
import type { KafkaBatchStrategy } from './kafka-batch.strategy.js';

const PARTITIONS = 4;

describe('publishing to Kafka', () => {
  const kafka = connectTo(inject('kafkaBrokers'));
  const broker = new KafkaBroker(kafka);
  let topic: string;
  let received: ReceivedMessage[];
  let consumer: KafkaBatchStrategy;

  beforeAll(() => broker.connect());
  afterAll(() => broker.disconnect());

  beforeEach(async () => {
    topic = await createTopic(inject('kafkaBrokers'), PARTITIONS);
    received = [];
    const options = { kafka, groupId: newGroup(), shardCount: PARTITIONS };
    consumer = await startConsumer(topic, options, ({ messages, next }) => {
      received.push(...messages);
      return Promise.resolve(next);
    });
  });
  afterEach(() => consumer.close());

  it('puts a merchant’s messages on the partition of their shard, in order', async () => {
    const merchants = ['m1', 'm2', '商家', 'm4'];
    const messages = Array.from({ length: 40 }, (_, i) => ({
      topic,
      key: merchants[i % merchants.length]!,
      value: String(i),
    }));
    await broker.publish(messages.slice(0, 25));
    await broker.publish(messages.slice(25));
    await eventually(() => expect(received).toHaveLength(40));
    for (const merchant of merchants) {
      const its = received.filter(({ key }) => String(key) === merchant);
      expect(its.map(({ value }) => String(value))).toEqual(
        messages.flatMap(({ key, value }) => (key === merchant ? [value] : [])),
      );
      expect(new Set(its.map(({ partition }) => partition))).toEqual(
        new Set([shardOf(merchant, PARTITIONS)]),
      );
    }
  });

  it('sends on a message byte by byte, to where it belongs and as a dead letter', async () => {
    const message: ReceivedMessage = {
      topic,
      partition: 0,
      position: 17n,
      key: null,
      value: Buffer.from([0xff, 0x00, 0xfe]),
      headers: { trace: Buffer.from([0xff]), many: [Buffer.from('a'), 'b'] },
    };
    const refusal = { refusal: 'not_json', detail: '坏' };
    await broker.publish([
      forward(message, 3),
      deadLetter(topic, { ...message, key: Buffer.from('m1') }, refusal),
      deadLetter(topic, { ...message, value: null }, refusal),
    ]);
    await eventually(() => expect(received).toHaveLength(3));
    const forwarded = received.find(
      ({ headers }) => headers['forwarded-from'] !== undefined,
    );
    expect(forwarded).toMatchObject({
      partition: 3,
      key: null,
      value: message.value,
      headers: {
        trace: Buffer.from([0xff]),
        many: [Buffer.from('a'), Buffer.from('b')],
        'forwarded-from': Buffer.from(`${topic}/0/17`),
      },
    });
    const refused = received.filter((one) => one !== forwarded);
    expect(refused.map(({ value }) => value)).toContainEqual(null);
    for (const { headers } of refused)
      expect(headers).toMatchObject({
        'dlq-detail': Buffer.from('坏'),
        'dlq-offset': Buffer.from('17'),
      });
  });

  it('rejects where a topic is not there, so that nothing is taken for published', async () => {
    const messages = [{ topic: 'no-such-topic', key: 'm1', value: 'x' }];
    const impatient = connectTo(inject('kafkaBrokers'), 'test', {
      retry: { retries: 1 },
    });
    const other = new KafkaBroker(impatient);
    await other.connect();
    await expect(other.publish(messages)).rejects.toThrow(
      'This server does not host this topic-partition',
    );
    await other.disconnect();
  });
});

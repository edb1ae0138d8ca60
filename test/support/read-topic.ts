import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type KafkaMessage } from 'kafkajs';

/** To disconnect takes as long. */
const LOOKS_EVERY_MS = 100;

export type MessageOnTopic = KafkaMessage & { partition: number };

/** All messages that a topic holds now; each partition's in their order. */
export async function readTopic(
  brokers: string,
  topic: string,
): Promise<MessageOnTopic[]> {
  const kafka = new Kafka({
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  const consumer = kafka.consumer({
    groupId: `test-${randomUUID()}`,
    maxWaitTimeInMs: LOOKS_EVERY_MS,
  });
  await Promise.all([admin.connect(), consumer.connect()]);
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    let left = ends.reduce(
      (sum, { high, low }) => sum + Number(high) - Number(low),
      0,
    );
    if (left === 0) return [];
    const messages: MessageOnTopic[] = [];
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const run = consumer.run({
        eachMessage: ({ message, partition }) => {
          messages.push({ ...message, partition });
          left -= 1;
          if (left === 0) resolve();
          return Promise.resolve();
        },
      });
      run.catch(reject);
    });
    return messages;
  } finally {
    await Promise.all([admin.disconnect(), consumer.disconnect()]);
  }
}

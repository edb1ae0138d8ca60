import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Admin, type ITopicConfig } from 'kafkajs';
import { TOPICS } from '@app/contracts';

const DEAD_LETTER_PARTITIONS = 8;
const LEADERS_WITHIN_MS = 30_000;
const POLL_INTERVAL_MS = 50;
const KEEP_FOREVER = [{ name: 'retention.ms', value: '-1' }];

/** The system's topics; all but the instructions to ad delivery are a record, kept forever. */
export function topicsOf(shardCount: number): ITopicConfig[] {
  return [
    {
      topic: TOPICS.activity,
      numPartitions: shardCount,
      configEntries: KEEP_FOREVER,
    },
    {
      topic: TOPICS.delivery,
      numPartitions: shardCount,
      configEntries: KEEP_FOREVER,
    },
    { topic: TOPICS.orders, numPartitions: shardCount },
    {
      topic: TOPICS.deadLetters,
      numPartitions: DEAD_LETTER_PARTITIONS,
      configEntries: KEEP_FOREVER,
    },
  ];
}

/**
 * Creates the topics that are missing; leaves the others as they are.
 *
 * @param brokers `host:port`, several parted by commas
 * @returns the names of those created
 */
export async function createTopics(
  brokers: string,
  shardCount: number,
): Promise<string[]> {
  const admin = new Kafka({
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    return await createMissing(admin, topicsOf(shardCount));
  } finally {
    await admin.disconnect();
  }
}

/**
 * Creates those of some topics that are missing. All can be used from then on.
 *
 * @returns the names of those created
 * @throws Error where one is not there in time
 */
export async function createMissing(
  admin: Admin,
  topics: readonly ITopicConfig[],
): Promise<string[]> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ topic }) => !existing.has(topic));
  if (missing.length > 0)
    // kafkajs would wait for leaders and fail where a broker has not heard of the topic yet.
    await admin.createTopics({ topics: missing, waitForLeaders: false });
  await waitForLeaders(admin, topics);
  return missing.map(({ topic }) => topic);
}

async function waitForLeaders(
  admin: Admin,
  topics: readonly ITopicConfig[],
): Promise<void> {
  const names = topics.map(({ topic }) => topic);
  const deadlineMs = Date.now() + LEADERS_WITHIN_MS;
  for (;;) {
    const error = await askLeaders(admin, names).then(
      () => null,
      (reason: Error) => reason,
    );
    if (!error) return;
    if (Date.now() > deadlineMs) throw error;
    await sleep(POLL_INTERVAL_MS);
  }
}

/** A broker may be named as the leader of a partition before it takes itself for it. */
async function askLeaders(
  admin: Admin,
  names: readonly string[],
): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const partitions = topics.flatMap((topic) => topic.partitions);
  if (partitions.some(({ leader }) => leader < 0))
    throw new Error('a partition has no leader');
  for (const name of names) await admin.fetchTopicOffsets(name);
}

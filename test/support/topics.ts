import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Client } from 'pg';
import { inject } from 'vitest';
import {
  createTopics,
  createMissing,
  topicsOf,
} from '../../tools/stack/topics.js';

const POLL_INTERVAL_MS = 50;
/** Any constant. */
const SYSTEM_TOPICS_LOCK = 1;

/**
 * A new topic under a name that no other test has.
 *
 * @param brokers as `inject('kafkaBrokers')` gives them
 * @returns its name
 */
export async function createTopic(
  brokers: string,
  partitions: number,
): Promise<string> {
  const topic = `test-${randomBytes(6).toString('hex')}`;
  await withAdmin(brokers, (admin) =>
    createMissing(admin, [{ topic, numPartitions: partitions }]),
  );
  return topic;
}

/**
 * Has the file that calls it wait, before anything else, until no other has the system's own topics: Kafka has one of
 * each name.
 */
export function haveSystemTopicsAlone(): void {
  let holder: Client;
  beforeAll(async () => {
    holder = new Client({ connectionString: inject('postgresUrl') });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [SYSTEM_TOPICS_LOCK]);
  });
  afterAll(() => holder.end());
}

/**
 * Empties the system's own topics: for a test of an app, which knows them by name; see {@link haveSystemTopicsAlone}.
 */
export async function recreateTopics(
  brokers: string,
  shardCount: number,
): Promise<void> {
  const names = topicsOf(shardCount).map(({ topic }) => topic);
  await withAdmin(brokers, async (admin) => {
    const listOld = async () =>
      (await admin.listTopics()).filter((topic) => names.includes(topic));
    const old = await listOld();
    if (old.length > 0) await admin.deleteTopics({ topics: old });
    while ((await listOld()).length > 0) await sleep(POLL_INTERVAL_MS);
  });
  await createTopics(brokers, shardCount);
}

async function withAdmin<Result>(
  brokers: string,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = new Kafka({
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { inject } from 'vitest';
import { TOPICS } from '@app/contracts';
import { startKafka } from '../tools/stack/kafka.js';
import { findFreePort } from '../tools/stack/ports.js';
import { startPostgres } from '../tools/stack/postgres.js';
import {
  readProcessRecord,
  stopRecordedProcess,
} from '../tools/stack/process-record.js';
import { createTopics } from '../tools/stack/topics.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-stack-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('PostgreSQL', () => {
  it('keeps what is committed when it is killed, and when a killed run leaves it behind', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept (value int)');
    await query(first.url, 'INSERT INTO kept VALUES (1)');
    await stopRecordedProcess(files('postgres').pidFile, 5_000);

    const second = await start();
    await query(second.url, 'INSERT INTO kept VALUES (2)');
    killRecorded('postgres');
    await second.exited;

    const third = await start();
    expect(await query(third.url, 'SELECT value FROM kept')).toEqual([
      { value: 1 },
      { value: 2 },
    ]);
    await third.stop();
  });

  it('syncs what it commits, and listens nowhere but on 127.0.0.1', async () => {
    const { url, stop } = await start();
    const settings = await query(
      url,
      `SELECT name, setting FROM pg_settings WHERE name IN
        ('fsync', 'synchronous_commit', 'listen_addresses', 'unix_socket_directories', 'server_encoding')
       ORDER BY name`,
    );
    expect(settings).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'synchronous_commit', setting: 'on' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    await stop();
  });

  it('shows the end of its log where it does not start', async () => {
    const { stop } = await start();
    await expect(
      startPostgres({
        ...files('postgres'),
        pidFile: join(folder, 'other.pid'),
        port: await findFreePort(),
      }),
    ).rejects.toThrow(
      /postgres ended with status 1.*\n(.*\n)*.*already exists/,
    );
    await stop();
  });

  async function start() {
    return startPostgres({
      ...files('postgres'),
      port: await findFreePort(),
    });
  }
});

describe('Kafka', () => {
  it('keeps its topics and messages over an orderly stop and a kill', async () => {
    const first = await start();
    expect(await createTopics(first.brokers, 3)).toEqual(Object.values(TOPICS));
    await publish(first.brokers, 'one');
    await first.stop();

    const second = await start();
    expect(await createTopics(second.brokers, 3)).toEqual([]);
    await publish(second.brokers, 'two');
    killRecorded('kafka');
    await second.exited;

    const third = await start();
    expect(await countMessages(third.brokers)).toBe(2);
    await third.stop();
  });

  async function start() {
    return startKafka({
      ...files('kafka'),
      port: await findFreePort(),
      libDir: inject('kafkaLibDir'),
    });
  }
});

function files(name: string) {
  return {
    dir: join(folder, name),
    logFile: join(folder, `${name}.log`),
    pidFile: join(folder, `${name}.pid`),
  };
}

function killRecorded(name: string): void {
  process.kill(readProcessRecord(files(name).pidFile)!.pid, 'SIGKILL');
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

function connectTo(brokers: string): Kafka {
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
}

async function publish(brokers: string, value: string): Promise<void> {
  const producer = connectTo(brokers).producer();
  await producer.connect();
  await producer.send({ topic: TOPICS.activity, messages: [{ value }] });
  await producer.disconnect();
}

async function countMessages(brokers: string): Promise<number> {
  const admin = connectTo(brokers).admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(TOPICS.activity);
  await admin.disconnect();
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

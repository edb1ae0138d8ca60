import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Client } from 'pg';
import { inject } from 'vitest';
import { TOPICS } from '@app/contracts';
import {
  haveSystemTopicsAlone,
  recreateTopics,
} from '../test/support/topics.js';
import { ROOT } from './support/paths.js';

const execute = promisify(execFile);
const NOTHING = { DATABASE_URL: '', KAFKA_BROKERS: '', SHARD_COUNT: '' };

describe('npm run migrate', () => {
  const brokers = inject('kafkaBrokers');
  const database = `test_${randomBytes(6).toString('hex')}`;
  const databaseUrl = new URL(inject('postgresUrl'));
  databaseUrl.pathname = `/${database}`;
  const everything = {
    DATABASE_URL: databaseUrl.href,
    KAFKA_BROKERS: brokers,
    SHARD_COUNT: '3',
  };
  let admin: Admin;

  haveSystemTopicsAlone();

  beforeAll(async () => {
    await query(`CREATE DATABASE ${database}`);
    await recreateTopics(brokers, 1);
    admin = new Kafka({
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: Object.values(TOPICS) });
  });

  afterAll(async () => {
    await admin.disconnect();
    await query(`DROP DATABASE ${database} WITH (FORCE)`);
  });

  it('makes the schema, and no topics where it is told no brokers', async () => {
    const { stdout } = await migrate({ ...everything, KAFKA_BROKERS: '' });
    expect(stdout).toMatch(/^migrated: .*\n$/);
  });

  it('makes the topics, each with as many partitions as there are shards', async () => {
    const { stdout } = await migrate(everything);
    expect(stdout).toBe(
      `the schema is current\ncreated: ${Object.values(TOPICS).join(', ')}\n`,
    );
    const { topics } = await admin.fetchTopicMetadata({
      topics: [TOPICS.activity, TOPICS.delivery, TOPICS.orders],
    });
    expect(topics.map(({ partitions }) => partitions.length)).toEqual([
      3, 3, 3,
    ]);
  });

  it('finds it all there the second time', async () => {
    const { stdout } = await migrate(everything);
    expect(stdout).toBe('the schema is current\nthe topics are there\n');
  });

  it.each([
    [
      { DATABASE_URL: '' },
      2,
      'DATABASE_URL is not set: expected a PostgreSQL URL, e.g. postgres://user@host:5432/ledger.\n',
    ],
    [
      { SHARD_COUNT: 'many' },
      2,
      'SHARD_COUNT is "many": expected a whole number from 1 to 10000.\n',
    ],
    [
      { SHARD_COUNT: '4' },
      1,
      'The database cannot be migrated: this database was made with 3 shards, not 4: ' +
        'the number of shards never changes.\n',
    ],
    [
      { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/ledger' },
      1,
      'The database cannot be migrated: connect ECONNREFUSED 127.0.0.1:1.\n',
    ],
  ])(
    'says in one sentence what is wrong with %j',
    async (wrong, code, said) => {
      await expect(migrate({ ...everything, ...wrong })).rejects.toMatchObject({
        code,
        stderr: said,
      });
    },
  );

  function migrate(environment: Record<string, string>) {
    return execute(
      process.execPath,
      [join(ROOT, 'tools', 'run.mjs'), 'migrate'],
      { env: { ...process.env, ...NOTHING, ...environment } },
    );
  }
});

async function query(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(statement);
  await client.end();
}

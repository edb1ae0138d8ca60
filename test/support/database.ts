import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { migrate } from '@app/ledger/postgres';

export interface TestDatabase {
  url: string;
  /** Disconnects everyone and removes the database. */
  drop: () => Promise<void>;
}

export interface TestDatabaseOptions {
  /** Shards of the installation. Default 64. */
  shardCount?: number;
}

/**
 * A new database with the current schema, for one test file.
 *
 * @param postgresUrl the superuser's, as `inject('postgresUrl')` gives it
 */
export async function createDatabase(
  postgresUrl: string,
  { shardCount = 64 }: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const template = await templateOf(postgresUrl, shardCount);
  return copyOf(template, postgresUrl);
}

/** By the server and the number of shards: migrating takes several times as long as copying what was migrated. */
const templates = new Map<string, Promise<string>>();

/** @returns the name of a database that nobody uses but to copy it */
function templateOf(postgresUrl: string, shardCount: number): Promise<string> {
  const key = `${postgresUrl} ${shardCount}`;
  const made = templates.get(key) ?? makeTemplate(postgresUrl, shardCount);
  templates.set(key, made);
  return made;
}

async function makeTemplate(
  postgresUrl: string,
  shardCount: number,
): Promise<string> {
  const { name, url } = await copyOf('template1', postgresUrl);
  await migrate(url, { shardCount });
  return name;
}

async function copyOf(template: string, postgresUrl: string) {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const source = escapeIdentifier(template);
  const copy = escapeIdentifier(name);
  await execute(postgresUrl, `CREATE DATABASE ${copy} TEMPLATE ${source}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    drop: () => execute(postgresUrl, `DROP DATABASE ${copy} WITH (FORCE)`),
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

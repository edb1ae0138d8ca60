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
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(postgresUrl, `CREATE DATABASE ${escapeIdentifier(name)}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  await migrate(url.href, { shardCount });
  return {
    url: url.href,
    drop: () =>
      execute(
        postgresUrl,
        `DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`,
      ),
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

import { inject } from 'vitest';
import {
  createDatabase,
  type TestDatabase,
} from '../../../../test/support/database.js';
import { migrate } from './migrate.js';
import { createPool, readShardCount, type Pool } from './pool.js';

describe('migrating', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    // Migrates it for the first time.
    database = await createDatabase(inject('postgresUrl'), { shardCount: 8 });
    pool = createPool(database.url, {
      applicationName: 'test',
      maxConnections: 2,
    });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('does nothing a second time', async () => {
    const before = await schema();
    expect(await migrate(database.url, { shardCount: 8 })).toEqual([]);
    expect(await schema()).toEqual(before);
    expect(await readShardCount(pool)).toBe(8);
  });

  it('with another number of shards is refused, in a sentence', async () => {
    await expect(migrate(database.url, { shardCount: 64 })).rejects.toThrow(
      'this database was made with 8 shards, not 64: the number of shards never changes',
    );
    expect(await readShardCount(pool)).toBe(8);
  });

  it('by several machines at once is done by one of them', async () => {
    await pool.query('DROP SCHEMA public, audit CASCADE; CREATE SCHEMA public');
    await expect(readShardCount(pool)).rejects.toThrow();
    const ran = await Promise.all(
      [1, 2, 3].map(() => migrate(database.url, { shardCount: 8 })),
    );
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await readShardCount(pool)).toBe(8);
  });

  async function schema(): Promise<unknown[]> {
    const { rows } = await pool.query(
      `SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid`,
    );
    return rows as unknown[];
  }
});

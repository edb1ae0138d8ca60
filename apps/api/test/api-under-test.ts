import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createPool, type Pool } from '@app/ledger/postgres';
import {
  createDatabase,
  type TestDatabase,
} from '../../../test/support/database.js';
import { createApi } from '../src/create-api.js';

export interface ApiUnderTest {
  app: NestExpressApplication;
  http: ReturnType<typeof request>;
  /** To the api's database, with the right to write. */
  pool: Pool;
  close: () => Promise<void>;
}

export const SHARD_COUNT = 64;

/** The api on an empty database of its own. */
export async function startApi(
  postgresUrl: string,
  kafkaBrokers: string,
): Promise<ApiUnderTest> {
  const database: TestDatabase = await createDatabase(postgresUrl, {
    shardCount: SHARD_COUNT,
  });
  const pool = createPool(database.url, {
    applicationName: 'test',
    maxConnections: 2,
  });
  const app = await createApi({
    DATABASE_URL: database.url,
    KAFKA_BROKERS: kafkaBrokers.split(','),
    API_HOST: '127.0.0.1',
    API_PORT: 0,
    LOG_LEVEL: 'fatal',
  });
  await app.listen(0, '127.0.0.1');
  return {
    app,
    http: request(app.getHttpServer()),
    pool,
    close: async () => {
      await app.close();
      await pool.end();
      await database.drop();
    },
  };
}

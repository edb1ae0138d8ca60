import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createPool, type Pool } from '@app/ledger/postgres';
import { CALLER_ROLES, type CallerRole } from '@app/platform';
import { CheckpointFiles } from '@app/sealing';
import { Sealer } from '@app/sealing/postgres';
import { LogDirectory } from '@app/transparency';
import { LOG, SIGNER } from '../../../libs/sealing/test/sealing.js';
import {
  createDatabase,
  type TestDatabase,
} from '../../../test/support/database.js';
import {
  ensureTokenIssuer,
  mintToken,
} from '../../../tools/stack/token-key.js';
import type { ApiConfiguration } from '../src/api.configuration.js';
import { createApi } from '../src/create-api.js';

export interface ApiUnderTest {
  app: NestExpressApplication;
  /** Calls of somebody without a token. */
  http: ReturnType<typeof request>;
  /** Calls of somebody with a role; `as.merchant` is `m1`. */
  as: Record<CallerRole, Caller>;
  asMerchant: (merchantId: string) => Promise<Caller>;
  /** Somebody with a role whose token has this `sub`. */
  asNamed: (role: CallerRole, subject: string) => Promise<Caller>;
  /** For calls that are made otherwise: where to, and an `authorization`. */
  url: string;
  authorize: (role: CallerRole, merchantId?: string) => Promise<string>;
  /** Seals all that is committed, into the log that the api proves things of. */
  seal: () => Promise<void>;
  /** To the api's database, with the right to write. */
  pool: Pool;
  /** Of the api's database, as its owner. */
  databaseUrl: string;
  close: () => Promise<void>;
}

type Caller = ReturnType<typeof request.agent>;

export const SHARD_COUNT = 64;

/** The api on an empty database of its own. */
export async function startApi(
  postgresUrl: string,
  kafkaBrokers: string,
  changes: Partial<ApiConfiguration> = {},
): Promise<ApiUnderTest> {
  const database: TestDatabase = await createDatabase(postgresUrl, {
    shardCount: SHARD_COUNT,
  });
  const pool = createPool(database.url, {
    applicationName: 'test',
    maxConnections: 2,
  });
  const folder = await mkdtemp(join(tmpdir(), 'api-'));
  const tokens = join(folder, 'tokens');
  const logDirectory = join(folder, 'log');
  const issuer = await ensureTokenIssuer(tokens);
  const app = await createApi({
    NODE_ENV: 'test',
    LOG_DIR: logDirectory,
    AUTH_ISSUERS: [{ ...issuer, roles: [...CALLER_ROLES] }],
    DATABASE_URL: database.url,
    KAFKA_BROKERS: kafkaBrokers.split(','),
    API_HOST: '127.0.0.1',
    API_PORT: 0,
    API_CORS_ORIGINS: [],
    API_TRUSTED_PROXIES: [],
    API_REQUESTS_PER_MINUTE_PER_TOKEN: 0,
    API_REQUESTS_PER_MINUTE_PER_ADDRESS: 0,
    LOG_LEVEL: 'fatal',
    ...changes,
  });
  await app.listen(0, '127.0.0.1');
  const authorize = async (
    role: CallerRole,
    merchantId?: string,
    subject?: string,
  ) => {
    const token = await mintToken(tokens, {
      role,
      merchantId,
      subject,
      lifetimeSeconds: 600,
    });
    return `Bearer ${token}`;
  };
  const callerWith = async (
    role: CallerRole,
    merchantId?: string,
    subject?: string,
  ) => {
    const caller = request.agent(app.getHttpServer());
    const authorization = await authorize(role, merchantId, subject);
    return caller.set({ authorization }) as typeof caller;
  };
  const asMerchant = (merchantId: string) => callerWith('merchant', merchantId);
  return {
    app,
    http: request(app.getHttpServer()),
    as: {
      merchant: await asMerchant('m1'),
      auditor: await callerWith('auditor'),
      operator: await callerWith('operator'),
      approver: await callerWith('approver'),
      service: await callerWith('service'),
    },
    asMerchant,
    asNamed: (role, subject) => callerWith(role, undefined, subject),
    url: await app.getUrl(),
    authorize,
    seal: () => seal(pool, folder, logDirectory),
    pool,
    databaseUrl: database.url,
    close: async () => {
      await app.close();
      await pool.end();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

async function seal(
  pool: Pool,
  folder: string,
  logDirectory: string,
): Promise<void> {
  const sealer = await Sealer.open({
    pool,
    shardCount: SHARD_COUNT,
    storage: new LogDirectory(logDirectory),
    history: new CheckpointFiles(join(folder, 'checkpoints')),
    signer: SIGNER,
    identity: LOG,
    nowMs: Date.now,
  });
  while ((await sealer.countUnsealed()) > 0) await sealer.seal();
}

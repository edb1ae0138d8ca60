import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import { ChangeLog } from './change-log.js';

const POOL = Symbol('POOL');
const CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 5_000;

/** The only connections of the api that can write: to the record of changes. */
@Module({})
export class ChangesModule implements OnApplicationShutdown {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  static forRoot(databaseUrl: string): DynamicModule {
    return {
      module: ChangesModule,
      global: true,
      providers: [
        {
          provide: POOL,
          useFactory: () =>
            createPool(databaseUrl, {
              applicationName: 'api-changes',
              maxConnections: CONNECTIONS,
              statementTimeoutMs: STATEMENT_TIMEOUT_MS,
              role: ROLES.api,
            }),
        },
        {
          provide: ChangeLog,
          inject: [POOL, SHARD_COUNT],
          useFactory: (pool: Pool, shardCount: number) =>
            new ChangeLog(pool, shardCount),
        },
      ],
      exports: [ChangeLog],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import {
  createPool,
  readShardCount,
  type Pool,
  type PoolOptions,
} from './pool.js';

export const POOL = Symbol('POOL');
/** The number of shards of this installation. */
export const SHARD_COUNT = Symbol('SHARD_COUNT');

export interface DatabaseOptions extends PoolOptions {
  databaseUrl: string;
}

/** One connection pool for a service, closed last when it stops. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: POOL,
          useFactory: () => createPool(options.databaseUrl, options),
        },
        {
          provide: SHARD_COUNT,
          inject: [POOL],
          useFactory: (pool: Pool) => readShardCount(pool),
        },
      ],
      exports: [POOL, SHARD_COUNT],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

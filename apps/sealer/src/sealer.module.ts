import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { ROLES, type Pool } from '@app/ledger/postgres';
import {
  DatabaseModule,
  POOL,
  SHARD_COUNT,
} from '@app/ledger/postgres/database-module';
import { OperationsModule } from '@app/platform';
import { CheckpointFiles } from '@app/sealing';
import { LogDirectory } from '@app/transparency';
import type { SealerConfiguration, SealKey } from './sealer.configuration.js';
import { registerSealerMetrics } from './sealer.metrics.js';
import { SealerService } from './sealer.service.js';

const STOP_WITHIN_MS = 1_000;

@Module({})
export class SealerModule implements BeforeApplicationShutdown {
  constructor(
    private readonly sealer: SealerService,
    registry: Registry,
  ) {
    registerSealerMetrics(registry, sealer);
  }

  static forRoot(
    configuration: SealerConfiguration,
    key: SealKey,
  ): DynamicModule {
    const { DATABASE_URL, SEAL_DIR } = configuration;
    return {
      module: SealerModule,
      global: true,
      imports: [
        DatabaseModule.forRoot({
          databaseUrl: DATABASE_URL,
          applicationName: 'sealer',
          role: ROLES.sealer,
          maxConnections: 6,
        }),
        OperationsModule.forRoot({
          inject: [POOL, SealerService],
          useFactory: (pool: Pool, sealer: SealerService) => [
            { name: 'database', check: () => pool.query('SELECT 1') },
            { name: 'sealer', check: () => sealer.checkSealing() },
          ],
        }),
      ],
      providers: [
        {
          provide: SealerService,
          inject: [POOL, SHARD_COUNT],
          useFactory: (pool: Pool, shardCount: number) =>
            new SealerService({
              pool,
              shardCount,
              storage: new LogDirectory(join(SEAL_DIR, 'log')),
              history: new CheckpointFiles(join(SEAL_DIR, 'checkpoints')),
              nowMs: Date.now,
              ...key,
            }),
        },
      ],
      exports: [SealerService],
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    // A block that is cut off is gone on with at the next start.
    await Promise.race([
      this.sealer.stop(),
      sleep(STOP_WITHIN_MS, undefined, { ref: false }),
    ]);
  }
}

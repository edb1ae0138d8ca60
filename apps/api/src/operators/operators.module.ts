import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { OperatorReader } from '../read-model/operator-reader.js';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import { AdjustmentsController } from './adjustments.controller.js';
import { AdjustmentsService } from './adjustments.service.js';

/** Connections that can append adjustments, and write nothing else. */
const ADJUSTERS = Symbol('ADJUSTERS');
const ADJUSTER_CONNECTIONS = 2;
const STATEMENT_TIMEOUT_MS = 5_000;

/** What operators ask and change. */
@Module({})
export class OperatorsModule implements OnApplicationShutdown {
  constructor(@Inject(ADJUSTERS) private readonly adjusters: Pool) {}

  static forRoot(databaseUrl: string): DynamicModule {
    return {
      module: OperatorsModule,
      controllers: [AdjustmentsController],
      providers: [
        {
          provide: ADJUSTERS,
          useFactory: () =>
            createPool(databaseUrl, {
              applicationName: 'api-adjustments',
              maxConnections: ADJUSTER_CONNECTIONS,
              statementTimeoutMs: STATEMENT_TIMEOUT_MS,
              role: ROLES.adjuster,
            }),
        },
        {
          provide: AdjustmentsService,
          inject: [ADJUSTERS, SHARD_COUNT, OperatorReader],
          useFactory: (
            pool: Pool,
            shardCount: number,
            reader: OperatorReader,
          ) =>
            new AdjustmentsService(
              { pool, shardCount, nowMs: Date.now },
              reader,
            ),
        },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.adjusters.end();
  }
}

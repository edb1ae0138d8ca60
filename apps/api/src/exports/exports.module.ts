import { Module, type DynamicModule } from '@nestjs/common';
import { createPool, ROLES } from '@app/ledger/postgres';
import { ExportPool } from './export-pool.js';
import { ExportsController } from './exports.controller.js';

const CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 60_000;

/** The ledger as files. */
@Module({ controllers: [ExportsController] })
export class ExportsModule {
  static forRoot(databaseUrl: string): DynamicModule {
    return {
      module: ExportsModule,
      providers: [
        {
          provide: ExportPool,
          useFactory: () =>
            new ExportPool(
              createPool(databaseUrl, {
                applicationName: 'api-exports',
                maxConnections: CONNECTIONS,
                statementTimeoutMs: STATEMENT_TIMEOUT_MS,
                role: ROLES.auditor,
              }),
            ),
        },
      ],
    };
  }
}

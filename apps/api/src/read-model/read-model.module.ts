import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  createPool,
  readShards,
  ROLES,
  type Pool,
  type PoolOptions,
} from '@app/ledger/postgres';
import { Entry } from './entry.entity.js';
import { Installation } from './installation.entity.js';
import { LedgerReader } from './ledger-reader.js';
import { LotUse } from './lot-use.entity.js';
import { Lot } from './lot.entity.js';
import { MerchantBalance } from './merchant-balance.entity.js';
import { Posting } from './posting.entity.js';
import {
  AuditReader,
  MerchantReader,
  OperatorReader,
} from './moment-readers.js';
import { PromotionState } from './promotion-state.entity.js';
import { ShardBalance } from './shard-balance.entity.js';
import { ShardHead } from './shard-head.entity.js';

/** The number of shards of this installation. */
export const SHARD_COUNT = Symbol('SHARD_COUNT');

const POOL_SIZE = 10;
const OPERATORS_POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 5_000;

/** The ledger's tables as the api reads them, over connections that cannot write. */
@Module({})
export class ReadModelModule {
  static forRoot(databaseUrl: string): DynamicModule {
    return {
      module: ReadModelModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: databaseUrl,
          applicationName: 'api',
          poolSize: POOL_SIZE,
          connectTimeoutMS: CONNECT_TIMEOUT_MS,
          // Whoever started the service starts it again.
          retryAttempts: 1,
          entities: [
            Entry,
            Installation,
            Lot,
            LotUse,
            MerchantBalance,
            Posting,
            PromotionState,
            ShardBalance,
            ShardHead,
          ],
          extra: {
            statement_timeout: STATEMENT_TIMEOUT_MS,
            // For the whole session: cheaper than two statements at the start of each transaction.
            options: [
              `-c role=${ROLES.api}`,
              '-c default_transaction_read_only=on',
              '-c default_transaction_isolation=repeatable\\ read',
            ].join(' '),
          },
        }),
      ],
      providers: [
        {
          provide: LedgerReader,
          inject: [DataSource],
          useFactory: (dataSource: DataSource) => new LedgerReader(dataSource),
        },
        {
          provide: AuditReader,
          useFactory: () =>
            createReader(AuditReader, databaseUrl, {
              applicationName: 'api-audit',
              role: ROLES.auditor,
            }),
        },
        {
          provide: OperatorReader,
          useFactory: () =>
            createReader(OperatorReader, databaseUrl, {
              applicationName: 'api-operators',
              role: ROLES.api,
              maxConnections: OPERATORS_POOL_SIZE,
            }),
        },
        {
          provide: MerchantReader,
          useFactory: () =>
            createReader(MerchantReader, databaseUrl, {
              applicationName: 'api-merchants',
              role: ROLES.api,
            }),
        },
        {
          provide: SHARD_COUNT,
          inject: [LedgerReader],
          useFactory: readShardCount,
        },
      ],
      exports: [
        AuditReader,
        LedgerReader,
        MerchantReader,
        OperatorReader,
        SHARD_COUNT,
      ],
    };
  }
}

async function createReader<Reader>(
  of: new (pool: Pool, shards: number[]) => Reader,
  databaseUrl: string,
  options: Pick<PoolOptions, 'applicationName' | 'role'> &
    Partial<Pick<PoolOptions, 'maxConnections'>>,
): Promise<Reader> {
  const pool = createPool(databaseUrl, {
    maxConnections: POOL_SIZE,
    ...options,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    readsMoments: true,
  });
  return new of(pool, await readShards(pool));
}

async function readShardCount(reader: LedgerReader): Promise<number> {
  const installation = await reader.read((manager) =>
    manager.findOneBy(Installation, { singleton: true }),
  );
  if (!installation)
    throw new Error('the database is not migrated: run `npm run migrate`');
  return installation.shardCount;
}

import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { RetryOptions } from 'kafkajs';
import {
  AccessGuard,
  createKafka,
  OperationsModule,
  ProblemFilter,
  TokenVerifier,
} from '@app/platform';
import { PRODUCTION, type ApiConfiguration } from './api.configuration.js';
import { AuditModule } from './audit/audit.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { UndeclaredInputGuard } from './http/undeclared-input.guard.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { LogModule } from './log/log.module.js';
import { ActivityPublisher } from './merchants/activity-publisher.js';
import { MerchantsModule } from './merchants/merchants.module.js';
import { OperatorsModule } from './operators/operators.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { Installation } from './read-model/installation.entity.js';
import { LedgerReader } from './read-model/ledger-reader.js';
import { ReadModelModule } from './read-model/read-model.module.js';

/** A caller waits: better to say soon that Kafka is away. */
const IMPATIENT: RetryOptions = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  retries: 2,
};

@Module({})
export class ApiModule {
  static forRoot(configuration: ApiConfiguration): DynamicModule {
    const kafka = createKafka('api', configuration.KAFKA_BROKERS, IMPATIENT);
    const merchants = MerchantsModule.forRoot(kafka);
    const modules = [
      ReadModelModule.forRoot(configuration.DATABASE_URL),
      ChangesModule.forRoot(configuration.DATABASE_URL),
      merchants,
      LedgerModule,
      AuditModule,
      ExportsModule.forRoot(configuration.DATABASE_URL),
      LogModule.forRoot(configuration.LOG_DIR),
      OperatorsModule.forRoot(configuration.DATABASE_URL, kafka, merchants),
      OperationsModule.forRoot({
        imports: [merchants],
        inject: [LedgerReader, ActivityPublisher],
        useFactory: (reader: LedgerReader, publisher: ActivityPublisher) => [
          {
            name: 'database',
            check: () => reader.read((manager) => manager.find(Installation)),
          },
          { name: 'kafka', check: () => publisher.check() },
        ],
      }),
    ];
    return {
      module: ApiModule,
      providers: [
        {
          provide: TokenVerifier,
          useValue: new TokenVerifier(configuration.AUTH_ISSUERS, {
            refusesEmbeddedKeys: configuration.NODE_ENV === PRODUCTION,
          }),
        },
        { provide: APP_FILTER, useClass: ProblemFilter },
        // In this order: nobody is told of what they may not call.
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: UndeclaredInputGuard },
      ],
      imports: [...modules, OpenApiModule.describing(modules)],
    };
  }
}

import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import { TOPICS } from '@app/contracts';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { PageReader } from '../kafka/page-reader.js';
import { TopicEnds } from '../kafka/topic-ends.js';
import { ActivityPublisher } from '../merchants/activity-publisher.js';
import { OperatorReader } from '../read-model/moment-readers.js';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import { AdjustmentsController } from './adjustments.controller.js';
import { AdjustmentsService } from './adjustments.service.js';
import { ConsumersController } from './consumers.controller.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersService } from './dead-letters.service.js';
import { DryRunsController } from './dry-runs.controller.js';
import { DryRuns } from './dry-runs.js';
import { ProgramChangesController } from './program-changes.controller.js';
import { ProgramChangesService } from './program-changes.service.js';
import { ProgramChecksController } from './program-checks.controller.js';
import { ProgramsController } from './programs.controller.js';
import { PublishedPrograms } from './published-programs.js';
import { RiskFlagsController } from './risk-flags.controller.js';

/** Connections that record what becomes of programs. */
const PUBLISHERS = Symbol('PUBLISHERS');
const PUBLISHER_CONNECTIONS = 2;
/** Connections that can append adjustments, and write nothing else. */
const ADJUSTERS = Symbol('ADJUSTERS');
const ADJUSTER_CONNECTIONS = 2;
const STATEMENT_TIMEOUT_MS = 5_000;
const DRY_RUN_WITHIN_MS = 60_000;

/** What operators ask and change. */
@Module({})
export class OperatorsModule implements OnApplicationShutdown {
  constructor(
    @Inject(ADJUSTERS) private readonly adjusters: Pool,
    @Inject(PUBLISHERS) private readonly publishers: Pool,
  ) {}

  /** @param activity exports the publisher of events */
  static forRoot(
    databaseUrl: string,
    kafka: Kafka,
    activity: DynamicModule,
  ): DynamicModule {
    return {
      module: OperatorsModule,
      imports: [activity],
      controllers: [
        AdjustmentsController,
        ConsumersController,
        DeadLettersController,
        DryRunsController,
        ProgramChangesController,
        ProgramChecksController,
        ProgramsController,
        RiskFlagsController,
      ],
      providers: [
        {
          provide: DryRuns,
          useFactory: () =>
            new DryRuns(
              createPool(databaseUrl, {
                applicationName: 'api-dry-runs',
                maxConnections: 1,
                role: ROLES.api,
              }),
              { deadlineMs: DRY_RUN_WITHIN_MS },
            ),
        },
        PublishedPrograms,
        { provide: TopicEnds, useFactory: () => new TopicEnds(kafka) },
        {
          provide: PageReader,
          useFactory: () => new PageReader(kafka, TOPICS.deadLetters),
        },
        {
          provide: DeadLettersService,
          inject: [PageReader, TopicEnds, ActivityPublisher],
          useFactory: (
            pages: PageReader,
            ends: TopicEnds,
            publisher: ActivityPublisher,
          ) => new DeadLettersService(pages, ends, publisher),
        },
        {
          provide: PUBLISHERS,
          useFactory: () =>
            createPool(databaseUrl, {
              applicationName: 'api-programs',
              maxConnections: PUBLISHER_CONNECTIONS,
              statementTimeoutMs: STATEMENT_TIMEOUT_MS,
              role: ROLES.api,
            }),
        },
        {
          provide: ProgramChangesService,
          inject: [PUBLISHERS],
          useFactory: (pool: Pool) => new ProgramChangesService(pool, Date.now),
        },
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
    await Promise.all([this.adjusters.end(), this.publishers.end()]);
  }
}

import {
  Inject,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import {
  DatabaseModule,
  POOL,
  ROLES,
  SHARD_COUNT,
  type Pool,
} from '@app/ledger/postgres';
import {
  createKafka,
  OperationsModule,
  type ServiceConfiguration,
} from '@app/platform';
import type { Program } from '@app/programs';
import {
  KafkaBatchStrategy,
  KafkaBroker,
  KafkaStreamModule,
  systemClock,
} from '@app/streaming';
import { granting, versionName } from './grant.js';
import { GranterController } from './granter.controller.js';
import { GranterMetrics } from './granter.metrics.js';
import { GranterShards } from './granter.shards.js';
import { GranterStore } from './granter.store.js';
import { checkPublished } from './load-programs.js';

const PROGRAMS = Symbol('PROGRAMS');

@Module({
  controllers: [GranterController],
  providers: [
    {
      provide: GranterMetrics,
      inject: [Registry],
      useFactory: (registry: Registry) => new GranterMetrics(registry),
    },
    {
      provide: GranterStore,
      inject: [POOL, PROGRAMS, GranterMetrics],
      useFactory: (
        pool: Pool,
        programs: readonly Program[],
        metrics: GranterMetrics,
      ) => new GranterStore(pool, programs, metrics),
    },
    {
      provide: GranterShards,
      inject: [GranterStore, KafkaBroker, PROGRAMS, SHARD_COUNT],
      useFactory: (
        store: GranterStore,
        broker: KafkaBroker,
        programs: readonly Program[],
        shardCount: number,
      ) =>
        new GranterShards(
          store,
          broker,
          systemClock,
          granting(programs, shardCount),
        ),
    },
  ],
})
export class GranterModule implements OnApplicationBootstrap {
  readonly #logger = new Logger(GranterModule.name);

  constructor(
    @Inject(PROGRAMS) private readonly programs: readonly Program[],
    @Inject(SHARD_COUNT) private readonly shardCount: number,
    private readonly strategy: KafkaBatchStrategy,
    private readonly store: GranterStore,
    private readonly shards: GranterShards,
  ) {}

  static forRoot(
    configuration: ServiceConfiguration,
    programs: readonly Program[],
  ): DynamicModule {
    return {
      module: GranterModule,
      providers: [{ provide: PROGRAMS, useValue: programs }],
      imports: [
        DatabaseModule.forRoot({
          databaseUrl: configuration.DATABASE_URL,
          applicationName: 'granter',
          role: ROLES.granter,
          maxConnections: 10,
        }),
        KafkaStreamModule.forRoot({
          inject: [SHARD_COUNT],
          useFactory: (shardCount: number) => ({
            kafka: createKafka('granter', configuration.KAFKA_BROKERS),
            groupId: 'granter',
            shardCount,
          }),
        }),
        OperationsModule.forRoot({
          inject: [POOL, KafkaBatchStrategy],
          useFactory: (pool: Pool, strategy: KafkaBatchStrategy) => [
            { name: 'database', check: () => pool.query('SELECT 1') },
            { name: 'consumer', check: () => strategy.checkJoined() },
          ],
        }),
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const allShards = Array.from({ length: this.shardCount }, (_, i) => i);
    checkPublished(this.programs, await this.store.readFunded(allShards));
    this.strategy.on('assigned', (shards) => {
      this.shards.assign(shards);
      this.#fundPrograms(shards).catch((error: Error) => {
        // The next batch of each shard does it all the same.
        this.#logger.warn(`budgets are still to be set: ${error.message}`);
      });
    });
  }

  /** Gives shards their budgets before their first event, so that the ledger shows a program whole. */
  async #fundPrograms(shards: readonly number[]): Promise<void> {
    const funded = new Set(
      (await this.store.readFunded(shards)).map(
        (version) => `${version.shard} ${versionName(version)}`,
      ),
    );
    for (const shard of shards) {
      const missing = this.programs.some(
        (program) => !funded.has(`${shard} ${versionName(program)}`),
      );
      if (missing) await this.shards.of(shard).takeUnpositioned([]);
    }
  }
}

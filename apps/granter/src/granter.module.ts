import {
  Inject,
  Logger,
  Module,
  type BeforeApplicationShutdown,
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
import { createKafka, OperationsModule } from '@app/platform';
import type { ProgramSet } from '@app/programs';
import {
  KafkaBatchStrategy,
  KafkaBroker,
  KafkaStreamModule,
  systemClock,
} from '@app/streaming';
import { Forgetting } from './forgetting.js';
import { granting } from './grant.js';
import type { GranterConfiguration } from './granter.configuration.js';
import { GranterController } from './granter.controller.js';
import { GranterMetrics } from './granter.metrics.js';
import { GranterShards } from './granter.shards.js';
import { GranterStore } from './granter.store.js';
import { LeaseTimer } from './lease-timer.js';
import { checkPublished } from './load-programs.js';
import { PoolLeases } from './pool-leases.js';
import { SettlementTimer } from './settlement-timer.js';
import { readFunded } from './store/issues.js';

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
      provide: PoolLeases,
      inject: [POOL, PROGRAMS, SHARD_COUNT],
      useFactory: (pool: Pool, set: ProgramSet, shardCount: number) =>
        new PoolLeases(pool, set, shardCount),
    },
    {
      provide: GranterStore,
      inject: [POOL, PROGRAMS, GranterMetrics, PoolLeases],
      useFactory: (
        pool: Pool,
        set: ProgramSet,
        metrics: GranterMetrics,
        leases: PoolLeases,
      ) => new GranterStore(pool, set, metrics, leases),
    },
    {
      provide: GranterShards,
      inject: [GranterStore, KafkaBroker, PROGRAMS],
      useFactory: (store: GranterStore, broker: KafkaBroker, set: ProgramSet) =>
        new GranterShards(store, broker, systemClock, granting(set)),
    },
    {
      provide: SettlementTimer,
      inject: [GranterStore, GranterShards],
      useFactory: (store: GranterStore, shards: GranterShards) =>
        new SettlementTimer(store, shards, systemClock),
    },
    {
      provide: LeaseTimer,
      inject: [PoolLeases, GranterShards],
      useFactory: (leases: PoolLeases, shards: GranterShards) =>
        new LeaseTimer(leases, shards, systemClock),
    },
  ],
})
export class GranterModule
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #logger = new Logger(GranterModule.name);

  constructor(
    @Inject(PROGRAMS) private readonly set: ProgramSet,
    @Inject(SHARD_COUNT) private readonly shardCount: number,
    private readonly strategy: KafkaBatchStrategy,
    @Inject(POOL) private readonly pool: Pool,
    private readonly leases: PoolLeases,
    private readonly shards: GranterShards,
    private readonly settlements: SettlementTimer,
    private readonly returns: LeaseTimer,
  ) {}

  static forRoot(
    configuration: GranterConfiguration,
    set: ProgramSet,
  ): DynamicModule {
    return {
      module: GranterModule,
      providers: [
        { provide: PROGRAMS, useValue: set },
        {
          provide: Forgetting,
          inject: [POOL],
          useFactory: (pool: Pool) =>
            new Forgetting(
              pool,
              set,
              systemClock,
              configuration.KEEP_ACTIVITY_DAYS ?? null,
            ),
        },
      ],
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
    checkPublished(this.set.programs, await readFunded(this.pool, allShards));
    this.strategy.on('assigned', (shards) => {
      this.shards.assign(shards);
      this.#issueBudgets(shards).catch((error: Error) => {
        // The next batch of the home does it all the same, or whoever borrows from it.
        this.#logger.warn(`budgets are still to be set: ${error.message}`);
      });
    });
    this.settlements.start();
    this.returns.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.settlements.stop(), this.returns.stop()]);
  }

  /** Issues the budgets that have their home here before the first event, so that the ledger shows a program whole. */
  async #issueBudgets(shards: readonly number[]): Promise<void> {
    const homes = this.leases.issues.homes();
    for (const shard of shards) {
      if (!homes.has(shard)) continue;
      const missing = await this.leases.issues.missingIn(shard);
      if (missing.length > 0) await this.shards.of(shard).takeUnpositioned([]);
    }
  }
}

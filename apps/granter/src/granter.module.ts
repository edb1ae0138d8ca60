import {
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { ROLES, type Pool } from '@app/ledger/postgres';
import {
  DatabaseModule,
  POOL,
  SHARD_COUNT,
} from '@app/ledger/postgres/database-module';
import { createKafka, OperationsModule } from '@app/platform';
import type { ProgramText } from '@app/programs';
import {
  KafkaBatchStrategy,
  KafkaBroker,
  KafkaStreamModule,
  systemClock,
} from '@app/streaming';
import { FollowedPrograms } from './followed-programs.js';
import { Forgetting } from './forgetting.js';
import type { GranterConfiguration } from './granter.configuration.js';
import { GranterController } from './granter.controller.js';
import { GranterMetrics } from './granter.metrics.js';
import { GranterShards } from './granter.shards.js';
import { GranterStore } from './granter.store.js';
import { LeaseTimer } from './lease-timer.js';
import { PoolLeases } from './pool-leases.js';
import { ProgramTimer } from './program-timer.js';
import { publishDirectory } from './publish-directory.js';
import { SettlementTimer } from './settlement-timer.js';

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
      inject: [POOL, FollowedPrograms, SHARD_COUNT],
      useFactory: (
        pool: Pool,
        programs: FollowedPrograms,
        shardCount: number,
      ) => new PoolLeases(pool, programs, shardCount),
    },
    {
      provide: GranterStore,
      inject: [POOL, FollowedPrograms, GranterMetrics, PoolLeases],
      useFactory: (
        pool: Pool,
        programs: FollowedPrograms,
        metrics: GranterMetrics,
        leases: PoolLeases,
      ) => new GranterStore(pool, programs, metrics, leases),
    },
    {
      provide: GranterShards,
      inject: [GranterStore, KafkaBroker, FollowedPrograms],
      useFactory: (
        store: GranterStore,
        broker: KafkaBroker,
        programs: FollowedPrograms,
      ) => new GranterShards(store, broker, systemClock, programs),
    },
    {
      provide: ProgramTimer,
      inject: [FollowedPrograms, GranterShards],
      useFactory: (programs: FollowedPrograms, shards: GranterShards) =>
        new ProgramTimer(programs, shards),
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
    private readonly strategy: KafkaBatchStrategy,
    private readonly leases: PoolLeases,
    private readonly shards: GranterShards,
    private readonly changes: ProgramTimer,
    private readonly settlements: SettlementTimer,
    private readonly returns: LeaseTimer,
  ) {}

  /** @param files of the programs that are published by now, if they were not before */
  static forRoot(
    configuration: GranterConfiguration,
    files: readonly ProgramText[],
  ): DynamicModule {
    return {
      module: GranterModule,
      providers: [
        {
          provide: FollowedPrograms,
          inject: [POOL],
          useFactory: async (pool: Pool) => {
            await publishDirectory(pool, files);
            const programs = new FollowedPrograms(pool);
            await programs.refresh();
            return programs;
          },
        },
        {
          provide: Forgetting,
          inject: [POOL, FollowedPrograms],
          useFactory: (pool: Pool, programs: FollowedPrograms) =>
            new Forgetting(
              pool,
              programs,
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

  onApplicationBootstrap(): void {
    this.strategy.on('assigned', (shards) => {
      this.shards.assign(shards);
      this.#issueBudgets(shards).catch((error: Error) => {
        // The next batch of the home does it all the same, or whoever borrows from it.
        this.#logger.warn(`budgets are still to be set: ${error.message}`);
      });
    });
    this.changes.start();
    this.settlements.start();
    this.returns.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([
      this.changes.stop(),
      this.settlements.stop(),
      this.returns.stop(),
    ]);
  }

  /** Issues the budgets that have their home here before the first event, so that the ledger shows a program whole. */
  async #issueBudgets(shards: readonly number[]): Promise<void> {
    const homes = this.leases.issues.homes();
    for (const shard of shards) {
      if (!homes.has(shard)) continue;
      const missing = await this.leases.issues.missingIn(shard);
      if (missing.length > 0) await this.shards.tick(shard);
    }
  }
}

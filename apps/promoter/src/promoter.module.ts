import { setTimeout as sleep } from 'node:timers/promises';
import {
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
import {
  createKafka,
  OperationsModule,
  type ServiceConfiguration,
} from '@app/platform';
import {
  KafkaBatchStrategy,
  KafkaBroker,
  KafkaStreamModule,
  systemClock,
} from '@app/streaming';
import { DueTimer } from './due-timer.js';
import { GrantsFollower } from './grants-follower.js';
import { project } from './project.js';
import { PromoterController } from './promoter.controller.js';
import { PromoterMetrics } from './promoter.metrics.js';
import { PromoterShards } from './promoter.shards.js';
import { PromoterStore } from './promoter.store.js';

const STOP_WITHIN_MS = 2_000;

@Module({
  controllers: [PromoterController],
  providers: [
    {
      provide: PromoterMetrics,
      inject: [Registry],
      useFactory: (registry: Registry) => new PromoterMetrics(registry),
    },
    {
      provide: PromoterStore,
      inject: [POOL, PromoterMetrics],
      useFactory: (pool: Pool, metrics: PromoterMetrics) =>
        new PromoterStore(pool, metrics),
    },
    {
      provide: PromoterShards,
      inject: [PromoterStore, KafkaBroker],
      useFactory: (store: PromoterStore, broker: KafkaBroker) =>
        new PromoterShards(store, broker, systemClock, project),
    },
    {
      provide: GrantsFollower,
      inject: [POOL, PromoterShards],
      useFactory: (pool: Pool, shards: PromoterShards) =>
        new GrantsFollower(pool, shards),
    },
    {
      provide: DueTimer,
      inject: [PromoterStore, PromoterShards],
      useFactory: (store: PromoterStore, shards: PromoterShards) =>
        new DueTimer(store, shards, systemClock),
    },
  ],
})
export class PromoterModule
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  constructor(
    private readonly strategy: KafkaBatchStrategy,
    private readonly shards: PromoterShards,
    private readonly follower: GrantsFollower,
    private readonly timer: DueTimer,
  ) {}

  static forRoot(configuration: ServiceConfiguration): DynamicModule {
    return {
      module: PromoterModule,
      imports: [
        DatabaseModule.forRoot({
          databaseUrl: configuration.DATABASE_URL,
          applicationName: 'promoter',
          role: ROLES.promoter,
          maxConnections: 10,
        }),
        KafkaStreamModule.forRoot({
          inject: [SHARD_COUNT],
          useFactory: (shardCount: number) => ({
            kafka: createKafka('promoter', configuration.KAFKA_BROKERS),
            groupId: 'promoter',
            shardCount,
            // All of both topics, so that a shard's activity and reports are taken together.
            concurrency: 2 * shardCount,
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
    this.strategy.on('assigned', (shards) => this.shards.assign(shards));
    this.follower.start();
    this.timer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    // What waits for a broker that is away may be left: its head has not moved, or says what is to publish.
    await Promise.race([
      Promise.all([this.follower.stop(), this.timer.stop()]),
      sleep(STOP_WITHIN_MS, undefined, { ref: false }),
    ]);
  }
}

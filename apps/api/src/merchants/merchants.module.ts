import { Module, type DynamicModule } from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import { ActivityPublisher } from './activity-publisher.js';
import { AutoPromotionController } from './auto-promotion.controller.js';
import { AutoPromotionService } from './auto-promotion.service.js';
import { BalancesController } from './balances.controller.js';
import { EntriesController } from './entries.controller.js';
import { EntriesService } from './entries.service.js';
import { ExpiringLotsController } from './expiring-lots.controller.js';
import { GrantsController } from './grants.controller.js';
import { LiveEntriesController } from './live/live-entries.controller.js';
import { LiveEntries } from './live/live-entries.js';
import { LotsController } from './lots.controller.js';
import { ResultsController } from './results.controller.js';
import { SmallWallets } from './small-wallets.js';
import { StatementController } from './statement.controller.js';
import { WalletController } from './wallet.controller.js';
import { WalletService } from './wallet.service.js';

/** What a merchant can see and do. */
@Module({
  controllers: [
    // First what is asked for most: the router tries one after the other.
    WalletController,
    StatementController,
    AutoPromotionController,
    BalancesController,
    EntriesController,
    ExpiringLotsController,
    GrantsController,
    LiveEntriesController,
    LotsController,
    ResultsController,
  ],
  providers: [
    AutoPromotionService,
    EntriesService,
    LiveEntries,
    SmallWallets,
    WalletService,
  ],
  exports: [ActivityPublisher],
})
export class MerchantsModule {
  static forRoot(kafka: Kafka): DynamicModule {
    return {
      module: MerchantsModule,
      providers: [
        {
          provide: ActivityPublisher,
          inject: [SHARD_COUNT],
          useFactory: (shardCount: number) =>
            new ActivityPublisher(kafka, shardCount),
        },
      ],
    };
  }
}

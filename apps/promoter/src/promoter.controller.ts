import { Controller, Inject } from '@nestjs/common';
import { deliveryContract, readEvent, shardOf, TOPICS } from '@app/contracts';
import {
  KafkaBatchHandler,
  toIntake,
  type ReceivedMessage,
  type SourceBatch,
} from '@app/streaming';
import { PromoterShards } from './promoter.shards.js';
import { readActivity } from './read-activity.js';
import { SHARD_COUNT } from '@app/ledger/postgres/database-module';

/** Takes batches off Kafka and hands them to the writer of their shard. */
@Controller()
export class PromoterController {
  constructor(
    private readonly shards: PromoterShards,
    @Inject(SHARD_COUNT) private readonly shardCount: number,
  ) {}

  @KafkaBatchHandler(TOPICS.activity)
  takeActivity(batch: SourceBatch<ReceivedMessage>): Promise<bigint> {
    return this.shards.take({
      ...batch,
      messages: batch.messages.flatMap(
        (message) => readActivity(message, this.shardCount) ?? [],
      ),
    });
  }

  @KafkaBatchHandler(TOPICS.delivery)
  takeDelivery(batch: SourceBatch<ReceivedMessage>): Promise<bigint> {
    return this.shards.take({
      ...batch,
      messages: batch.messages.map((message) => ({
        kind: 'delivery',
        ...toIntake(
          message,
          readEvent(deliveryContract, message),
          ({ merchantId }) => shardOf(merchantId, this.shardCount),
        ),
      })),
    });
  }
}

import { Controller, Inject } from '@nestjs/common';
import {
  activityContract,
  deliveryContract,
  readEvent,
  shardOf,
  TOPICS,
  type TopicContract,
} from '@app/contracts';
import {
  KafkaBatchHandler,
  toIntake,
  type Intake,
  type ReceivedMessage,
  type SourceBatch,
} from '@app/streaming';
import { PromoterShards } from './promoter.shards.js';
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
      messages: batch.messages.map((message) => ({
        kind: 'activity',
        ...this.#read(activityContract, message),
      })),
    });
  }

  @KafkaBatchHandler(TOPICS.delivery)
  takeDelivery(batch: SourceBatch<ReceivedMessage>): Promise<bigint> {
    return this.shards.take({
      ...batch,
      messages: batch.messages.map((message) => ({
        kind: 'delivery',
        ...this.#read(deliveryContract, message),
      })),
    });
  }

  #read<Event extends { merchantId: string }>(
    contract: TopicContract<Event>,
    message: ReceivedMessage,
  ): Intake<Event> {
    return toIntake(message, readEvent(contract, message), ({ merchantId }) =>
      shardOf(merchantId, this.shardCount),
    );
  }
}

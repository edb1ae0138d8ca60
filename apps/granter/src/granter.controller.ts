import { Controller, Inject } from '@nestjs/common';
import { activityContract, readEvent, shardOf, TOPICS } from '@app/contracts';
import { SHARD_COUNT } from '@app/ledger/postgres/database-module';
import {
  KafkaBatchHandler,
  toIntake,
  type ReceivedMessage,
  type SourceBatch,
} from '@app/streaming';
import type { GranterMessage } from './grant.js';
import { GranterShards } from './granter.shards.js';

/** Takes batches of merchant activity off Kafka and hands them to the writer of their shard. */
@Controller()
export class GranterController {
  constructor(
    private readonly shards: GranterShards,
    @Inject(SHARD_COUNT) private readonly shardCount: number,
  ) {}

  @KafkaBatchHandler(TOPICS.activity)
  takeActivity(batch: SourceBatch<ReceivedMessage>): Promise<bigint> {
    return this.shards.take({
      ...batch,
      messages: batch.messages.map((message) => this.#read(message)),
    });
  }

  #read(message: ReceivedMessage): GranterMessage {
    return toIntake(
      message,
      readEvent(activityContract, message),
      ({ merchantId }) => shardOf(merchantId, this.shardCount),
    );
  }
}

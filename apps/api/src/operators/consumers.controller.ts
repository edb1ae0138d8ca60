import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { TopicEnds } from '../kafka/topic-ends.js';
import { instant, journal } from '../openapi/fields.js';
import { OperatorReader } from '../read-model/moment-readers.js';
import {
  FOLLOWED_TOPICS,
  lagOf,
  SERVICES,
  type StoredHead,
} from './consumer-lag.js';

const consumers = z
  .strictObject({
    /** By service and shard. */
    shards: z.array(
      z.strictObject({
        service: z.enum(SERVICES),
        shard: z.int(),
        journal,
        /** Of the last entry of its journal; 0 where there is none. */
        sequence: z.bigint(),
        /** How often it has committed. */
        revision: z.bigint(),
        lastCommitAt: instant.nullable(),
        sources: z.array(
          z.strictObject({
            source: z.string().meta({
              description: 'A topic, or the journal `grants`.',
            }),
            consumed: z.bigint().meta({
              description: 'The position of the next message to take.',
            }),
            end: z.bigint().meta({
              description: 'The position that the next message will have.',
            }),
            lag: z.bigint(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Consumers' });

@Controller('v1/consumers')
export class ConsumersController {
  constructor(
    private readonly reader: OperatorReader,
    private readonly topicEnds: TopicEnds,
  ) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'listConsumers',
    tag: 'operators',
    summary: 'How far each service is, and how far behind, in each shard',
    answers: { 200: consumers },
    problems: ['kafka-unavailable'],
  })
  async list(
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof consumers>> {
    // Heads first: where they move meanwhile, the lag is told too high, never too low.
    const heads = await this.reader.read(async (db) => {
      const { rows } = await db.query<StoredHead>(
        `SELECT shard, journal, sequence, revision, consumed, recorded_at AS "recordedAt" FROM shard_head`,
      );
      return rows;
    }, gone);
    const ends = await this.topicEnds.read(FOLLOWED_TOPICS);
    return { shards: lagOf(this.reader.shards, heads, ends) };
  }
}

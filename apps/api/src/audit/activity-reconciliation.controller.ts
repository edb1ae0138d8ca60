import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import type { ActivityDifference, AcceptedEvent } from '@app/ledger';
import { reconcileActivity } from '@app/ledger/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { cursorField, encodeCursor } from '../openapi/cursor.js';
import { amount, instant, next } from '../openapi/fields.js';
import { isPeriod, NOT_A_PERIOD, time } from '../openapi/moment.js';
import {
  differencesLimit,
  shardField,
  shardsAsked,
} from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';

/** Events that a page looks at. */
const EVENTS_MAX = 10_000;

const query = z
  .strictObject({
    shard: shardField.optional(),
    from: time
      .describe('Of events that happened from then on, by their own time.')
      .optional(),
    to: time.describe('Of events that happened ahead of that.').optional(),
    limit: differencesLimit,
    cursor: cursorField(
      z.strictObject({
        shard: z.int().min(0).max(32_767),
        eventKey: z.string().regex(/^[0-9a-f]{32}$/),
      }),
    ).optional(),
  })
  .refine(isPeriod, NOT_A_PERIOD);

const count = z.bigint().meta({ id: 'Count' });

const acceptedEvent = z.strictObject({
  merchantId: z.string(),
  type: z.string(),
  occurredAt: instant,
  /** On merchant.activity.v1, in the partition of its shard. */
  offset: count,
});

const difference = z
  .strictObject({
    difference: z.enum([
      'not_accepted',
      'not_taken',
      'at_another_offset',
      'of_another_merchant',
      'accepted_twice',
      'in_another_commit',
      'granted_twice',
      'beyond_consumed',
    ]),
    shard: z.int(),
    /** Null where it is about the event alone. */
    entryId: z.string().nullable(),
    /** As the entry names it; null where no entry is concerned. */
    event: z
      .strictObject({
        topic: z.string(),
        partition: z.int(),
        offset: z.string(),
        source: z.string(),
        id: z.string(),
      })
      .nullable(),
    /** As it was accepted; null where it was not. */
    accepted: acceptedEvent.nullable(),
  })
  .meta({ id: 'ActivityDifference' });

const reconciliation = z
  .strictObject({
    /** Offsets that were consumed, of the shards that this page began: the pages add up. */
    consumedOffsets: count,
    /** Of the events that this page looked at: the pages add up. */
    counts: z.array(
      z.strictObject({
        type: z.string(),
        accepted: count,
        /** In fen, over those that have an amount. */
        amountMinor: amount,
        late: count,
        ledToGrants: count,
        ledToOthers: count,
        ledToNothing: count,
      }),
    ),
    differences: z.array(difference),
    next,
  })
  .meta({ id: 'ActivityReconciliation' });

@Controller('v1/reconciliation/activity')
export class ActivityReconciliationController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'reconcileActivity',
    tag: 'audit',
    summary:
      'Accepted activity against the causes of entries, event by event: what it led to, and what does not fit; a page may be without a difference, with more behind it',
    answers: { 200: reconciliation },
  })
  read(
    @Query({ schema: query })
    { shard, from, to, limit, cursor }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof reconciliation>> {
    const shards = shardsAsked(shard, this.reader.shards);
    return this.reader.read(async (db) => {
      const page = await reconcileActivity(db, {
        shards,
        from: from ?? null,
        to: to ?? null,
        after: cursor
          ? {
              shard: cursor.shard,
              eventKey: Buffer.from(cursor.eventKey, 'hex'),
            }
          : null,
        differencesMax: limit,
        eventsMax: EVENTS_MAX,
      });
      return {
        consumedOffsets: page.consumedOffsets,
        counts: page.counts,
        differences: page.differences.map(toDifference),
        next:
          page.next &&
          encodeCursor({
            shard: page.next.shard,
            eventKey: page.next.eventKey.toString('hex'),
          }),
      };
    }, gone);
  }
}

function toDifference({
  reference,
  accepted,
  ...rest
}: ActivityDifference & { shard: number }): z.output<typeof difference> {
  return {
    ...rest,
    event: reference,
    accepted: accepted && toAccepted(accepted),
  };
}

function toAccepted({
  merchantId,
  type,
  occurredAt,
  offset,
}: AcceptedEvent): z.output<typeof acceptedEvent> {
  return { merchantId, type, occurredAt, offset };
}

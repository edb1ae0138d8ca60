import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { PLACEMENTS } from '@app/contracts';
import { isMistake } from '@app/ledger';
import { reconcileDeliveries } from '@app/ledger/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { cursorField, encodeCursor } from '../openapi/cursor.js';
import { amount, instant, next } from '../openapi/fields.js';
import {
  cutsAsked,
  isPeriod,
  NOT_A_PERIOD,
  periodFields,
} from '../openapi/moment.js';
import {
  differencesLimit,
  shardField,
  shardsAsked,
} from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { entryPlaceInCursor } from './entry-pages.js';

/** Entries that a page looks through. */
const ENTRIES_MAX = 50_000;

const kind = z
  .enum([
    'no_report',
    'reported_beyond_order',
    'reserved_differs',
    'spent_differs',
    'released_differs',
    'closed_twice',
    'reported_after_closing',
    'no_order',
  ])
  .meta({ id: 'DeliveryDifferenceKind' });

const query = z
  .strictObject({
    shard: shardField.optional(),
    ...periodFields,
    difference: kind.describe('Differences of this kind alone.').optional(),
    limit: differencesLimit,
    cursor: cursorField(entryPlaceInCursor).optional(),
  })
  .refine(isPeriod, NOT_A_PERIOD);

const placement = z.enum(PLACEMENTS);
const count = z.bigint().meta({ id: 'Count' });

const order = z
  .strictObject({
    promotionOrderId: z.string(),
    /** Of the entry that reserves. */
    entryId: z.string(),
    merchantId: z.string(),
    placement,
    /** The session or video. */
    targetId: z.string(),
    orderedAt: instant,
    deadline: instant,
    ordered: amount,
    reserved: amount,
    reports: count,
    reported: amount,
    clicks: count,
    orders: count,
    gmvMinor: amount,
    spent: amount,
    /** What was spent on another placement than it was ordered for. */
    spentElsewhere: amount,
    released: amount,
    closings: count,
    closedBecause: z.string().nullable(),
    reportsAfterClosing: count,
  })
  .meta({ id: 'OrderLife' });

const reconciliation = z
  .strictObject({
    /** Of the promotion orders that this page looked at: the pages add up. In impressions. */
    sums: z.array(
      z.strictObject({
        placement,
        promotionOrders: count,
        ordered: amount,
        reports: count,
        reported: amount,
        spent: amount,
        beyondOrders: amount,
        released: amount,
        openReserve: amount,
        withoutReport: count,
        clicks: count,
        orders: count,
        gmvMinor: amount,
      }),
    ),
    differences: z.array(
      z.strictObject({
        difference: kind,
        /** Whether it is a mistake of the ledger, and not what ad delivery did. */
        isMistake: z.boolean(),
        entryId: z.string(),
        /** Null where there is none. */
        order: order.nullable(),
      }),
    ),
    next,
  })
  .meta({ id: 'DeliveryReconciliation' });

@Controller('v1/reconciliation/deliveries')
export class DeliveryReconciliationController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'reconcileDeliveries',
    tag: 'audit',
    summary:
      'Delivery reports against what was ordered, spent and released, order by order; a page may be without a difference, with more behind it',
    answers: { 200: reconciliation },
  })
  read(
    @Query({ schema: query }) asked: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof reconciliation>> {
    const shards = shardsAsked(asked.shard, this.reader.shards);
    return this.reader.read(async (db) => {
      const page = await reconcileDeliveries(db, {
        ...(await cutsAsked(db, asked, shards)),
        after: asked.cursor ?? null,
        only: asked.difference,
        differencesMax: asked.limit,
        entriesMax: ENTRIES_MAX,
      });
      return {
        sums: page.sums,
        differences: page.differences.map((found) => ({
          ...found,
          isMistake: isMistake(found.difference),
        })),
        next: page.next && encodeCursor(page.next),
      };
    }, gone);
  }
}

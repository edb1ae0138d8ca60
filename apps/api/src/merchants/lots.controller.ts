import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { cutOfShard, type LotCursor } from '@app/ledger';
import { lotsAsOf } from '@app/ledger/postgres';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import {
  cursorField,
  encodeCursor,
  sequenceInCursor,
  timeInCursor,
} from '../openapi/cursor.js';
import { cutInCursor, fromCursor, toCursor } from '../openapi/cut-cursor.js';
import { lotFields, lotUses, merchantId, next } from '../openapi/fields.js';
import {
  cutAsked,
  isOneMoment,
  momentFields,
  momentOf,
  NOT_ONE_MOMENT,
} from '../openapi/moment.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { placeOf } from './merchant-place.js';

const placeInList = z.union([
  z.strictObject({
    open: z.literal(true),
    expiresAtMs: timeInCursor,
    lotId: z.string(),
  }),
  z.strictObject({ open: z.literal(false), sequence: sequenceInCursor }),
]) satisfies z.ZodType<LotCursor>;

const query = z
  .strictObject({
    ...momentFields,
    limit: pageLimit,
    cursor: cursorField(z.tuple([cutInCursor, placeInList])).optional(),
  })
  .refine(isOneMoment, NOT_ONE_MOMENT);

/** A grant at a moment: `granted` is the sum of the other amounts. */
const lot = z
  .strictObject({
    lotId: z.string(),
    /** Of the entry that granted it, in the grants journal. */
    sequence: z.bigint(),
    ...lotFields,
    ...lotUses,
  })
  .meta({ id: 'LotAsOf' });

const lots = z
  .strictObject({ merchantId, lots: z.array(lot), next })
  .meta({ id: 'LotPage' });

@Controller('v1/merchants/:id/lots')
export class LotsController {
  constructor(private readonly reader: AuditReader) {}

  /** Those with something left first, in the order in which they expire, then the others, the last granted first. */
  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'listLots',
    tag: 'merchants',
    summary: 'The lots of a merchant at a moment, and what had become of each',
    answers: { 200: lots },
  })
  list(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: query })
    { limit, cursor, ...asked }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof lots>> {
    const place = placeOf(id, this.reader.shards);
    const moment = momentOf(asked);
    return this.reader.read(async (db) => {
      const cut = cursor
        ? fromCursor(cursor[0], place.shard, moment)
        : await cutAsked(db, asked, [place.shard]);
      const page = await lotsAsOf(db, place, cut, {
        limit,
        after: cursor?.[1] ?? null,
      });
      const at = toCursor(cutOfShard(cut, place.shard));
      return {
        merchantId: id,
        lots: page.lots,
        next: page.next && encodeCursor([at, page.next]),
      };
    }, gone);
  }
}

import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import {
  cursorField,
  encodeCursor,
  sequenceInCursor,
  timeInCursor,
} from '../openapi/cursor.js';
import { next } from '../openapi/fields.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { grant, readGrants } from './grants.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { placeOf } from './merchant-place.js';

const query = z.strictObject({
  limit: pageLimit,
  cursor: cursorField(
    z.strictObject({ recordedAtMs: timeInCursor, sequence: sequenceInCursor }),
  ).optional(),
});

const grantPage = z
  .strictObject({
    /** Last recorded first. */
    grants: z.array(grant),
    next,
  })
  .meta({ id: 'GrantPage' });

@Controller('v1/merchants/:id/grants')
export class GrantsController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'listGrants',
    tag: 'merchants',
    summary:
      'What a merchant was granted and why, last recorded first, and what has become of it',
    answers: { 200: grantPage },
  })
  async list(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: query }) { limit, cursor }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof grantPage>> {
    const found = await this.reader.read(
      (db) =>
        readGrants(db, placeOf(id, this.reader.shards), {
          before: cursor ?? null,
          // One more than asked for tells whether there is a next page.
          limit: limit + 1,
        }),
      gone,
    );
    const grants = found.slice(0, limit);
    const last = grants.at(-1);
    return {
      grants,
      next:
        last && found.length > limit
          ? encodeCursor({
              recordedAtMs: last.recordedAt.getTime(),
              sequence: last.sequence,
            })
          : null,
    };
  }
}

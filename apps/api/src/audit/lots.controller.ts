import { Controller, Get, HttpStatus, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { lifeOfLot, readLot } from '@app/ledger/postgres';
import { Operation, ProblemException, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { cursorField, timeInCursor } from '../openapi/cursor.js';
import { amount, instant, next, toldEntry, unit } from '../openapi/fields.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import {
  entryPlaceInCursor,
  placeOfEntry,
  takeEntries,
  toPage,
} from './entry-pages.js';

const params = z.strictObject({
  lotId: z
    .string()
    .regex(
      /^grants-\d{1,4}-[1-9]\d{0,17}$/,
      'expected a lot, e.g. grants-10-5',
    ),
});

const query = z.strictObject({
  limit: pageLimit,
  cursor: cursorField(
    entryPlaceInCursor.extend({ recordedAtMs: timeInCursor }),
  ).optional(),
});

const lifeOfLotPage = z
  .strictObject({
    lot: z.strictObject({
      lotId: z.string(),
      shard: z.int(),
      merchantId: z.string(),
      program: z.string(),
      unit,
      granted: amount,
      expiresAt: instant,
    }),
    /** In order of recording, each with its postings of this lot. */
    entries: z.array(toldEntry),
    next,
  })
  .meta({ id: 'LifeOfLotPage' });

@Controller('v1/lots/:lotId')
export class AuditLotsController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readLifeOfLot',
    tag: 'audit',
    summary: 'The whole life of a lot: every entry that moved something of it',
    answers: { 200: lifeOfLotPage },
    problems: ['not-found'],
  })
  read(
    @Param({ schema: params }) { lotId }: z.output<typeof params>,
    @Query({ schema: query }) { limit, cursor }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof lifeOfLotPage>> {
    return this.reader.read(async (db) => {
      const lot = await readLot(db, lotId);
      if (!lot)
        throw new ProblemException({
          kind: 'not-found',
          status: HttpStatus.NOT_FOUND,
          detail: `There is no lot ${lotId}.`,
        });
      const after = cursor && {
        ...placeOfEntry(cursor),
        recordedAt: new Date(cursor.recordedAtMs),
      };
      const found = await takeEntries(
        lifeOfLot(db, lot, { after: after ?? null }),
        limit,
      );
      const page = toPage(found, limit, (entry) => ({
        ...placeOfEntry(entry),
        recordedAtMs: entry.recordedAt.getTime(),
      }));
      return { lot, ...page };
    }, gone);
  }
}

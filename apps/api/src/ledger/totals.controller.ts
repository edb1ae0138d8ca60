import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { PLACEMENTS } from '@app/contracts';
import { ledgerTotals, TOTALS_BY, type TotalsBy } from '@app/ledger/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { entryPlaceInCursor } from '../audit/entry-pages.js';
import { cursorField, encodeCursor, timeInCursor } from '../openapi/cursor.js';
import { amount, next, unit } from '../openapi/fields.js';
import {
  cutAsked,
  cutAtField,
  isOneMoment,
  isPeriod,
  momentAnswer,
  momentFields,
  NOT_A_PERIOD,
  NOT_ONE_MOMENT,
  time,
  toMomentAnswer,
} from '../openapi/moment.js';
import { AuditReader } from '../read-model/moment-readers.js';

/** Entries that a page looks through. */
const ENTRIES_MAX = 200_000;
const BY_EXPECTED =
  'expected day, placement or program, or several with commas';

const by = z
  .string()
  .regex(
    /^(day|placement|program)(,(day|placement|program)){0,2}$/,
    BY_EXPECTED,
  )
  .default(TOTALS_BY.join())
  .transform((names) => [...new Set(names.split(','))] as TotalsBy[])
  .meta({
    openapi: {
      description: 'What totals are told apart by, with commas between.',
      type: 'string',
      pattern: '^(day|placement|program)(,(day|placement|program)){0,2}$',
      default: TOTALS_BY.join(),
    },
  });

const query = z
  .strictObject({
    by,
    from: time
      .describe('Of what was recorded from then on; of all, by default.')
      .optional(),
    ...momentFields,
    cursor: cursorField(
      entryPlaceInCursor.extend({ asOfMs: timeInCursor }),
    ).optional(),
  })
  .refine(isOneMoment, NOT_ONE_MOMENT)
  .refine(({ from, at }) => isPeriod({ from, to: at }), {
    ...NOT_A_PERIOD,
    path: ['at'],
  });

const totals = z
  .strictObject({
    ...momentAnswer,
    /** Of the entries that this page looked through: the pages add up. */
    totals: z.array(
      z.strictObject({
        /** Of recording, in Asia/Shanghai; null where totals are not by day. */
        day: z.iso.date().nullable(),
        /** Of what was spent, where totals are by placement. */
        placement: z.enum(PLACEMENTS).nullable(),
        /** Null where totals are not by program. */
        program: z.string().nullable(),
        unit,
        granted: amount,
        spent: amount,
        expired: amount,
        clawedBack: amount,
      }),
    ),
    next,
  })
  .meta({ id: 'LedgerTotals' });

@Controller('v1/ledger/totals')
export class TotalsController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readTotals',
    tag: 'ledger',
    summary:
      'What was granted, spent, expired and taken back by day, placement and program, as of a moment',
    answers: { 200: totals },
  })
  read(
    @Query({ schema: query }) asked: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof totals>> {
    const { shards } = this.reader;
    const { cursor, from, at, position } = asked;
    // All pages are of the moment of the first.
    const moment =
      cursor && position === undefined
        ? { at: at ?? new Date(cursor.asOfMs) }
        : { at, position };
    return this.reader.read(async (db) => {
      const answered = toMomentAnswer(moment);
      const page = await ledgerTotals(db, {
        by: asked.by,
        from: from
          ? await cutAtField(db, { recordedBefore: from }, shards, 'from')
          : null,
        to: await cutAsked(db, moment, shards),
        after: cursor ?? null,
        entriesMax: ENTRIES_MAX,
      });
      return {
        ...answered,
        totals: page.totals,
        next:
          page.next &&
          encodeCursor({
            ...page.next,
            asOfMs: answered.asOf?.getTime() ?? 0,
          }),
      };
    }, gone);
  }
}

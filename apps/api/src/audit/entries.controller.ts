import { Controller, Get, HttpStatus, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { identifier, shardOf } from '@app/contracts';
import { explainedEntry } from '@app/ledger';
import { entriesMatching, readToldEntries } from '@app/ledger/postgres';
import { Operation, ProblemException, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { cursorField, encodeCursor } from '../openapi/cursor.js';
import { entryKind, toldEntry } from '../openapi/fields.js';
import {
  cutsAsked,
  isPeriod,
  NOT_A_PERIOD,
  periodFields,
} from '../openapi/moment.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { entryIdField, parseEntryId } from './entry-id.js';
import {
  entryPage,
  entryPlaceInCursor,
  type EntryPage,
} from './entry-pages.js';

const VERSION_EXPECTED = 'expected a whole number from 1 on';

const query = z
  .strictObject({
    merchant: identifier.optional(),
    program: identifier.describe('That the cause names.').optional(),
    version: z
      .string(VERSION_EXPECTED)
      .regex(/^[1-9]\d{0,8}$/, VERSION_EXPECTED)
      .transform(Number)
      .meta({
        openapi: {
          description: 'Of the program.',
          type: 'integer',
          minimum: 1,
          maximum: 999_999_999,
        },
      })
      .optional(),
    kind: entryKind.optional(),
    cause: z
      .string()
      .regex(/^[a-z_]{1,64}$/, 'expected a type of cause, e.g. goal_reached')
      .describe('The type of the cause, e.g. goal_reached.')
      .optional(),
    ...periodFields,
    limit: pageLimit,
    cursor: cursorField(entryPlaceInCursor).optional(),
  })
  .refine(({ program, version }) => version === undefined || program, {
    path: ['version'],
    message: 'give `program` too',
  })
  .refine(isPeriod, NOT_A_PERIOD);

const params = z.strictObject({ entryId: entryIdField });

@Controller('v1/entries')
export class AuditEntriesController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'listEntries',
    tag: 'audit',
    summary:
      'Entries by merchant, program, version, kind, period and cause; a page may be short, or empty, with more behind it',
    answers: { 200: entryPage },
  })
  list(
    @Query({ schema: query }) asked: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<EntryPage> {
    const { merchant, limit, cursor } = asked;
    const { shards: all } = this.reader;
    const shards =
      merchant === undefined ? all : [shardOf(merchant, all.length)];
    return this.reader.read(async (db) => {
      const page = await entriesMatching(
        db,
        {
          merchantId: merchant,
          program: asked.program,
          programVersion: asked.version,
          kind: asked.kind,
          causeType: asked.cause,
        },
        {
          ...(await cutsAsked(db, asked, shards)),
          limit,
          after: cursor ?? null,
        },
      );
      return {
        entries: page.entries.map(explainedEntry),
        next: page.next && encodeCursor(page.next),
      };
    }, gone);
  }

  @Get(':entryId')
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readEntry',
    tag: 'audit',
    summary: 'An entry, with all that decided it',
    answers: { 200: toldEntry },
    problems: ['not-found'],
  })
  async read(
    @Param({ schema: params }) { entryId }: z.output<typeof params>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof toldEntry>> {
    const [entry] = await this.reader.read(
      (db) => readToldEntries(db, [parseEntryId(entryId)]),
      gone,
    );
    if (entry) return explainedEntry(entry);
    throw new ProblemException({
      kind: 'not-found',
      status: HttpStatus.NOT_FOUND,
      detail: `There is no entry ${entryId}.`,
    });
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import { effectsOfEvent } from '@app/ledger/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { cursorField } from '../openapi/cursor.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import {
  entryPage,
  entryPlaceInCursor,
  takeEntries,
  toPage,
  type EntryPage,
} from './entry-pages.js';

const query = z.strictObject({
  source: identifier.describe('Of the event, as CloudEvents have it.'),
  id: identifier.describe('Of the event, within its source.'),
  limit: pageLimit,
  cursor: cursorField(entryPlaceInCursor).optional(),
});

@Controller('v1/events/effects')
export class EventsController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'listEffectsOfEvent',
    tag: 'audit',
    summary: 'All that one event has caused: every entry whose cause names it',
    answers: { 200: entryPage },
  })
  list(
    @Query({ schema: query })
    { source, id, limit, cursor }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<EntryPage> {
    return this.reader.read(async (db) => {
      const pages = effectsOfEvent(db, { source, id }, this.reader.shards, {
        after: cursor ?? null,
      });
      return toPage(await takeEntries(pages, limit), limit);
    }, gone);
  }
}

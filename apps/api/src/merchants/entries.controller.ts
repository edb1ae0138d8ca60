import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { pageLimit } from '../openapi/query-fields.js';
import {
  EntriesService,
  entryPage,
  type EntryPage,
} from './entries.service.js';
import { entryCursor } from './entry-cursor.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';

const entriesQuery = z.strictObject({
  limit: pageLimit,
  cursor: entryCursor.optional(),
});
type EntriesQuery = z.output<typeof entriesQuery>;

@Controller('v1/merchants/:id/entries')
export class EntriesController {
  constructor(private readonly entries: EntriesService) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'listMerchantEntries',
    tag: 'merchants',
    summary: 'The entries of a merchant, last recorded first',
    answers: { 200: entryPage },
  })
  list(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: entriesQuery }) query: EntriesQuery,
    @ClientGone() gone: AbortSignal,
  ): Promise<EntryPage> {
    return this.entries.read({ merchantId: id, ...query }, gone);
  }
}

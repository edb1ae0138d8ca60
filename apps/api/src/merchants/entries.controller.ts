import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { RolesAndOwnMerchant } from '@app/platform';
import { EntriesService, type EntryPage } from './entries.service.js';
import { entryCursor } from './entry-cursor.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 500;
const LIMIT_EXPECTED = `expected a whole number from 1 to ${LIMIT_MAX}`;

const entriesQuery = z.strictObject({
  limit: z
    .string(LIMIT_EXPECTED)
    .regex(/^[1-9]\d{0,2}$/, LIMIT_EXPECTED)
    .transform(Number)
    .pipe(z.int().max(LIMIT_MAX, LIMIT_EXPECTED))
    .default(LIMIT_DEFAULT),
  cursor: entryCursor.optional(),
});
type EntriesQuery = z.output<typeof entriesQuery>;

@Controller('v1/merchants/:id/entries')
export class EntriesController {
  constructor(private readonly entries: EntriesService) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  list(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: entriesQuery }) query: EntriesQuery,
  ): Promise<EntryPage> {
    return this.entries.read({ merchantId: id, ...query });
  }
}

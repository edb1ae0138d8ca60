import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { MERCHANT_ACCOUNT_CLASSES } from '@app/ledger';
import { balancesAsOf } from '@app/ledger/postgres';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { amount, merchantId, unit } from '../openapi/fields.js';
import {
  cutAsked,
  isOneMoment,
  momentAnswer,
  momentFields,
  NOT_ONE_MOMENT,
  toMomentAnswer,
} from '../openapi/moment.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { placeOf } from './merchant-place.js';

const query = z.strictObject(momentFields).refine(isOneMoment, NOT_ONE_MOMENT);

export const accountBalance = z
  .strictObject({ account: z.enum(MERCHANT_ACCOUNT_CLASSES), unit, amount })
  .meta({ id: 'AccountBalance' });

const balances = z
  .strictObject({
    merchantId,
    ...momentAnswer,
    /** Of each account and unit that had ever moved by then. */
    balances: z.array(accountBalance),
  })
  .meta({ id: 'MerchantBalances' });

@Controller('v1/merchants/:id/balances')
export class BalancesController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'readBalances',
    tag: 'merchants',
    summary: 'What the accounts of a merchant had at a moment',
    answers: { 200: balances },
  })
  read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: query }) moment: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof balances>> {
    const place = placeOf(id, this.reader.shards);
    return this.reader.read(async (db) => {
      const answered = toMomentAnswer(moment);
      const cut = await cutAsked(db, moment, [place.shard]);
      return {
        merchantId: id,
        ...answered,
        balances: await balancesAsOf(db, place, cut),
      };
    }, gone);
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { trialBalanceAsOf } from '@app/ledger/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { amount, unit } from '../openapi/fields.js';
import {
  cutAsked,
  isOneMoment,
  momentAnswer,
  momentFields,
  NOT_ONE_MOMENT,
  toMomentAnswer,
} from '../openapi/moment.js';
import { AuditReader } from '../read-model/moment-readers.js';

const query = z.strictObject(momentFields).refine(isOneMoment, NOT_ONE_MOMENT);

/** Every class of account over all merchants and shards; the balances of a unit sum to zero. */
const trialBalance = z
  .strictObject({
    ...momentAnswer,
    accounts: z.array(
      z.strictObject({ account: z.string(), unit, balance: amount }),
    ),
  })
  .meta({ id: 'TrialBalance' });

@Controller('v1/ledger/trial-balance')
export class TrialBalanceController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readTrialBalance',
    tag: 'ledger',
    summary: 'What all accounts had at a moment: zero in each unit',
    answers: { 200: trialBalance },
  })
  read(
    @Query({ schema: query }) moment: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof trialBalance>> {
    return this.reader.read(async (db) => {
      const answered = toMomentAnswer(moment);
      const cut = await cutAsked(db, moment, this.reader.shards);
      const balances = await trialBalanceAsOf(db, cut);
      return {
        ...answered,
        accounts: balances.map(({ account, unit, amount }) => ({
          account,
          unit,
          balance: amount,
        })),
      };
    }, gone);
  }
}

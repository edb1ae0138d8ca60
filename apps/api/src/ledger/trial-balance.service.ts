import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Unit } from '@app/contracts';
import type { AccountClass } from '@app/ledger';
import { amount, instant, unit } from '../openapi/fields.js';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { ShardBalance } from '../read-model/shard-balance.entity.js';

/** Every class of account over all merchants and shards; the balances of a unit sum to zero. */
export const trialBalance = z
  .strictObject({
    /** Everything that was committed by then is counted. */
    asOf: instant,
    accounts: z.array(
      z.strictObject({ account: z.string(), unit, balance: amount }),
    ),
  })
  .meta({ id: 'TrialBalance' });
export type TrialBalance = z.output<typeof trialBalance>;

@Injectable()
export class TrialBalanceService {
  constructor(private readonly reader: LedgerReader) {}

  async read(): Promise<TrialBalance> {
    const asOf = new Date();
    const rows = await this.reader.read((manager) =>
      manager
        .createQueryBuilder(ShardBalance, 'balance')
        .select('balance.account', 'account')
        .addSelect('balance.unit', 'unit')
        .addSelect('SUM(balance.amount)', 'sum')
        .groupBy('balance.account')
        .addGroupBy('balance.unit')
        .orderBy('balance.account')
        .addOrderBy('balance.unit')
        .getRawMany<{ account: AccountClass; unit: Unit; sum: string }>(),
    );
    return {
      asOf,
      accounts: rows.map(({ account, unit, sum }) => ({
        account,
        unit,
        balance: BigInt(sum),
      })),
    };
  }
}

import { Injectable } from '@nestjs/common';
import type { Unit } from '@app/contracts';
import type { AccountClass } from '@app/ledger';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { ShardBalance } from '../read-model/shard-balance.entity.js';

/** Every class of account over all merchants and shards; the balances of a unit sum to zero. */
export interface TrialBalance {
  /** Everything that was committed by then is counted. */
  asOf: Date;
  accounts: { account: AccountClass; unit: Unit; balance: bigint }[];
}

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

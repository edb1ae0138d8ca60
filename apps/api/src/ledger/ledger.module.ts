import { Module } from '@nestjs/common';
import { LedgerMetrics } from './ledger-metrics.js';
import { TotalsController } from './totals.controller.js';
import { TrialBalanceController } from './trial-balance.controller.js';

/** The ledger as a whole. */
@Module({
  controllers: [TotalsController, TrialBalanceController],
  providers: [LedgerMetrics],
})
export class LedgerModule {}

import { Controller, Get } from '@nestjs/common';
import { Roles } from '@app/platform';
import {
  TrialBalanceService,
  type TrialBalance,
} from './trial-balance.service.js';

@Controller('v1/ledger/trial-balance')
export class TrialBalanceController {
  constructor(private readonly trialBalance: TrialBalanceService) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  read(): Promise<TrialBalance> {
    return this.trialBalance.read();
  }
}

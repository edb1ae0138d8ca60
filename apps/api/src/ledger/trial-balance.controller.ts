import { Controller, Get } from '@nestjs/common';
import {
  TrialBalanceService,
  type TrialBalance,
} from './trial-balance.service.js';

@Controller('v1/ledger/trial-balance')
export class TrialBalanceController {
  constructor(private readonly trialBalance: TrialBalanceService) {}

  @Get()
  read(): Promise<TrialBalance> {
    return this.trialBalance.read();
  }
}

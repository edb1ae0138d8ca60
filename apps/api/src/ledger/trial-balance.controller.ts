import { Controller, Get } from '@nestjs/common';
import { Operation, Roles } from '@app/platform';
import {
  trialBalance,
  TrialBalanceService,
  type TrialBalance,
} from './trial-balance.service.js';

@Controller('v1/ledger/trial-balance')
export class TrialBalanceController {
  constructor(private readonly balances: TrialBalanceService) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readTrialBalance',
    tag: 'ledger',
    summary: 'What all accounts have: zero in each unit',
    answers: { 200: trialBalance },
  })
  read(): Promise<TrialBalance> {
    return this.balances.read();
  }
}

import { Controller, Get, Param } from '@nestjs/common';
import { RolesAndOwnMerchant } from '@app/platform';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { WalletService } from './wallet.service.js';
import type { Wallet } from './wallet.js';

@Controller('v1/merchants/:id/wallet')
export class WalletController {
  constructor(private readonly wallets: WalletService) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
  ): Promise<Wallet> {
    return this.wallets.read(id);
  }
}

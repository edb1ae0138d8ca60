import { Controller, Get, Param } from '@nestjs/common';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { WalletService } from './wallet.service.js';
import type { Wallet } from './wallet.js';

@Controller('v1/merchants/:id/wallet')
export class WalletController {
  constructor(private readonly wallets: WalletService) {}

  @Get()
  read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
  ): Promise<Wallet> {
    return this.wallets.read(id);
  }
}

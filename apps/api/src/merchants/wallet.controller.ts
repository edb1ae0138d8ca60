import { Controller, Get, Param } from '@nestjs/common';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { TaggedAnswer } from '../http/entity-tag.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { WalletService } from './wallet.service.js';
import { wallet, toTaggedWallet } from './wallet.js';

@Controller('v1/merchants/:id/wallet')
export class WalletController {
  constructor(private readonly wallets: WalletService) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'readWallet',
    tag: 'merchants',
    summary: 'What a merchant was granted, and what became of it',
    answers: { 200: wallet },
    conditional: true,
  })
  async read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @ClientGone() gone: AbortSignal,
  ): Promise<TaggedAnswer> {
    return toTaggedWallet(await this.wallets.read(id, gone));
  }
}

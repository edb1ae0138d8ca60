import {
  Body,
  Controller,
  Get,
  HttpStatus,
  Param,
  Put,
  Res,
} from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { CalledBy, RolesAndOwnMerchant, type Caller } from '@app/platform';
import {
  AutoPromotionService,
  type AutoPromotion,
} from './auto-promotion.service.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';

const switchRequest = z.strictObject({ enabled: z.boolean() });
type SwitchRequest = z.output<typeof switchRequest>;

/** The merchant's one switch: whether rewards are spent without asking. */
@Controller('v1/merchants/:id/auto-promotion')
export class AutoPromotionController {
  constructor(private readonly autoPromotion: AutoPromotionService) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
  ): Promise<AutoPromotion> {
    return this.autoPromotion.read(id);
  }

  /** 200 where the switch stands as asked, 202 where that is still to come. */
  @Put()
  @RolesAndOwnMerchant('id', 'service')
  async turn(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Body({ schema: switchRequest }) { enabled }: SwitchRequest,
    @CalledBy() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AutoPromotion> {
    const autoPromotion = await this.autoPromotion.turn(
      id,
      enabled,
      caller.subject,
    );
    if (autoPromotion.pending) response.status(HttpStatus.ACCEPTED);
    return autoPromotion;
  }
}

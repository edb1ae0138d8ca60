import { Body, Controller, Get, HttpStatus, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ChangeLog } from '../changes/change-log.js';
import { From, type ChangeOrigin } from '../changes/change-request.js';
import type { StoredAnswer } from '../changes/stored-answer.js';
import {
  autoPromotion,
  AutoPromotionService,
  type AutoPromotion,
} from './auto-promotion.service.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';

const switchRequest = z
  .strictObject({ enabled: z.boolean() })
  .meta({ id: 'AutoPromotionRequest' });
const TURN = 'turnAutoPromotion';
type SwitchRequest = z.output<typeof switchRequest>;

/** The merchant's one switch: whether rewards are spent without asking. */
@Controller('v1/merchants/:id/auto-promotion')
export class AutoPromotionController {
  constructor(
    private readonly autoPromotion: AutoPromotionService,
    private readonly changes: ChangeLog,
  ) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'readAutoPromotion',
    tag: 'merchants',
    summary: 'Whether the rewards of a merchant are spent without asking',
    answers: { 200: autoPromotion },
  })
  read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
  ): Promise<AutoPromotion> {
    return this.autoPromotion.read(id);
  }

  /** 200 where the switch stands as asked, 202 where that is still to come. */
  @Put()
  @RolesAndOwnMerchant('id', 'service')
  @Operation({
    id: TURN,
    tag: 'merchants',
    summary: 'Turns the switch of a merchant',
    answers: { 200: autoPromotion, 202: autoPromotion },
    problems: ['kafka-unavailable'],
    changes: true,
  })
  turn(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Body({ schema: switchRequest }) { enabled }: SwitchRequest,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    const request = { operation: TURN, merchantId: id, request: { enabled } };
    return this.changes.perform(origin, request, async (change) => {
      const body = await this.autoPromotion.turn(id, enabled, {
        ...change,
        by: origin.caller.subject,
      });
      return {
        status: body.pending ? HttpStatus.ACCEPTED : HttpStatus.OK,
        body,
      };
    });
  }
}

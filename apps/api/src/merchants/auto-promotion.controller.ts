import {
  Body,
  Controller,
  Get,
  Headers,
  HttpStatus,
  Param,
  Put,
} from '@nestjs/common';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ChangeLog } from '../changes/change-log.js';
import { From, type ChangeOrigin } from '../changes/change-request.js';
import type { StoredAnswer } from '../changes/stored-answer.js';
import { toExactJson } from '../exact-json.js';
import { ClientGone } from '../http/client-presence.js';
import { TaggedAnswer } from '../http/entity-tag.js';
import {
  autoPromotion,
  AutoPromotionService,
  switchPosition,
  switchTag,
  type SwitchPosition,
} from './auto-promotion.service.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';

const switchRequest = switchPosition.meta({ id: 'AutoPromotionRequest' });
const TURN = 'turnAutoPromotion';

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
    conditional: true,
  })
  async read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @ClientGone() gone: AbortSignal,
  ): Promise<TaggedAnswer> {
    const body = await this.autoPromotion.read(id, gone);
    return new TaggedAnswer(toExactJson(body)!, switchTag(body));
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
    conditional: true,
  })
  turn(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Body({ schema: switchRequest }) position: SwitchPosition,
    @From() origin: ChangeOrigin,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<StoredAnswer> {
    const request = {
      operation: TURN,
      merchantId: id,
      request: { ...position, ...(ifMatch === undefined ? {} : { ifMatch }) },
    };
    return this.changes.perform(origin, request, async (change) => {
      const body = await this.autoPromotion.turn(id, position, {
        ...change,
        by: origin.caller.subject,
        ifMatch,
      });
      return {
        status: body.pending ? HttpStatus.ACCEPTED : HttpStatus.OK,
        body,
      };
    });
  }
}

import { Body, Controller, HttpStatus, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import { Operation, Roles } from '@app/platform';
import { ChangeLog } from '../changes/change-log.js';
import { From, type ChangeOrigin } from '../changes/change-request.js';
import type { StoredAnswer } from '../changes/stored-answer.js';
import {
  ActivityPublisher,
  API_SOURCE,
} from '../merchants/activity-publisher.js';
import {
  merchantParams,
  type MerchantParams,
} from '../merchants/merchant-params.js';
import { instant, merchantId } from '../openapi/fields.js';

const FLAG = 'flagMerchant';

const flagRequest = z
  .strictObject({ reason: identifier.describe('Why, for whoever asks later.') })
  .meta({ id: 'RiskFlagRequest' });

const published = z
  .strictObject({
    merchantId,
    /** Of the event: what it causes can be asked for by its source and id. */
    source: z.string(),
    id: z.string(),
    /** From when on the merchant is flagged. */
    flaggedAt: instant,
  })
  .meta({ id: 'RiskFlag' });

/** There is no way back: the domain has no event that lifts a flag. */
@Controller('v1/merchants/:id/risk-flags')
export class RiskFlagsController {
  constructor(
    private readonly publisher: ActivityPublisher,
    private readonly changes: ChangeLog,
  ) {}

  @Post()
  @Roles('operator')
  @Operation({
    id: FLAG,
    tag: 'operators',
    summary:
      'Flags a merchant, for good: programs that mind flags grant it nothing more, and take back what they say',
    answers: { 202: published },
    problems: ['kafka-unavailable'],
    changes: true,
  })
  flag(
    @Param({ schema: merchantParams }) { id: flagged }: MerchantParams,
    @Body({ schema: flagRequest })
    { reason }: z.output<typeof flagRequest>,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    const request = {
      operation: FLAG,
      merchantId: flagged,
      request: { reason },
    };
    return this.changes.perform(origin, request, async ({ id, recordedAt }) => {
      await this.publisher.publish({
        specversion: '1.0',
        source: API_SOURCE,
        id,
        type: 'risk.flagged',
        subject: flagged,
        time: recordedAt.toISOString(),
        data: { target: { kind: 'merchant', id: flagged }, reason },
      });
      return {
        status: HttpStatus.ACCEPTED,
        body: {
          merchantId: flagged,
          source: API_SOURCE,
          id,
          flaggedAt: recordedAt,
        },
      };
    });
  }
}

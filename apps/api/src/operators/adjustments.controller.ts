import {
  Body,
  Controller,
  Get,
  HttpStatus,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { z } from 'zod';
import { Operation, Roles } from '@app/platform';
import { ChangeLog } from '../changes/change-log.js';
import { From, type ChangeOrigin } from '../changes/change-request.js';
import type { StoredAnswer } from '../changes/stored-answer.js';
import { ClientGone } from '../http/client-presence.js';
import {
  cursorField,
  encodeCursor,
  idInCursor,
  timeInCursor,
} from '../openapi/cursor.js';
import { next } from '../openapi/fields.js';
import { pageLimit } from '../openapi/query-fields.js';
import {
  requestedAdjustment,
  tellProposal,
  toldProposal,
  type ToldProposal,
} from './adjustment.js';
import { AdjustmentsService } from './adjustments.service.js';
import { reason } from './reason.js';

const PROPOSE = 'proposeAdjustment';
const APPROVE = 'approveAdjustment';
const REJECT = 'rejectAdjustment';
const proposalRequest = z
  .strictObject({ adjustment: requestedAdjustment, reason })
  .meta({ id: 'ProposalRequest' });
const rejectionRequest = z
  .strictObject({ reason })
  .meta({ id: 'RejectionRequest' });
const params = z.strictObject({
  proposalId: z
    .string()
    .regex(
      /^adj-(\d{1,5}|all)-[0-9a-f]{1,32}$/,
      'expected a proposal, e.g. adj-0-96370b34c8c5',
    ),
});
const query = z.strictObject({
  open: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      openapi: {
        description: 'Those alone that wait for somebody to decide.',
        type: 'boolean',
        default: false,
      },
    }),
  limit: pageLimit,
  cursor: cursorField(
    z.strictObject({ proposedAtMs: timeInCursor, proposalId: idInCursor }),
  ).optional(),
});
const proposalPage = z
  .strictObject({
    /** Last proposed first. */
    proposals: z.array(toldProposal),
    next,
  })
  .meta({ id: 'ProposalPage' });

/** One person proposes, another approves: both are who their tokens say. */
@Controller('v1/adjustments')
export class AdjustmentsController {
  constructor(
    private readonly adjustments: AdjustmentsService,
    private readonly changes: ChangeLog,
  ) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'listAdjustments',
    tag: 'operators',
    summary: 'Adjustments that were proposed, and what became of them',
    answers: { 200: proposalPage },
  })
  async list(
    @Query({ schema: query })
    { open, limit, cursor }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof proposalPage>> {
    const found = await this.adjustments.list(
      {
        onlyOpen: open,
        limit: limit + 1,
        after: cursor,
      },
      gone,
    );
    const proposals = found.slice(0, limit).map(tellProposal);
    const last = proposals.at(-1);
    return {
      proposals,
      next:
        last && found.length > limit
          ? encodeCursor({
              proposedAtMs: last.proposedAt.getTime(),
              proposalId: last.proposalId,
            })
          : null,
    };
  }

  @Get(':proposalId')
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readAdjustment',
    tag: 'operators',
    summary: 'An adjustment that was proposed',
    answers: { 200: toldProposal },
    problems: ['not-found'],
  })
  async read(
    @Param({ schema: params }) { proposalId }: z.output<typeof params>,
    @ClientGone() gone: AbortSignal,
  ): Promise<ToldProposal> {
    return tellProposal(await this.adjustments.read(proposalId, gone));
  }

  @Post()
  @Roles('operator')
  @Operation({
    id: PROPOSE,
    tag: 'operators',
    summary: 'Proposes an adjustment: nothing moves before another approves',
    answers: { 201: toldProposal },
    problems: ['adjustment-refused'],
    changes: true,
  })
  propose(
    @Body({ schema: proposalRequest }) asked: z.output<typeof proposalRequest>,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    const { adjustment } = asked;
    const merchantId =
      'merchantId' in adjustment ? adjustment.merchantId : null;
    const by = origin.caller.subject;
    return this.changes.perform(
      origin,
      { operation: PROPOSE, merchantId, request: asked },
      async (change) => {
        const proposal = await this.adjustments.propose(
          adjustment,
          asked.reason,
          { ...change, by },
        );
        return { status: HttpStatus.CREATED, body: tellProposal(proposal) };
      },
    );
  }

  @Post(':proposalId/approval')
  @Roles('approver')
  @Operation({
    id: APPROVE,
    tag: 'operators',
    summary: 'Approves what somebody else proposed: it is in the ledger then',
    answers: { 200: toldProposal },
    problems: ['not-found', 'adjustment-refused'],
    changes: true,
  })
  approve(
    @Param({ schema: params }) { proposalId }: z.output<typeof params>,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    const by = origin.caller.subject;
    return this.changes.perform(
      origin,
      { operation: APPROVE, merchantId: null, request: { proposalId } },
      async () => {
        const proposal = await this.adjustments.approve(proposalId, { by });
        return { status: HttpStatus.OK, body: tellProposal(proposal) };
      },
    );
  }

  @Post(':proposalId/rejection')
  @Roles('operator', 'approver')
  @Operation({
    id: REJECT,
    tag: 'operators',
    summary: 'Rejects a proposal, or takes back what one proposed oneself',
    answers: { 200: toldProposal },
    problems: ['not-found', 'adjustment-refused'],
    changes: true,
  })
  reject(
    @Param({ schema: params }) { proposalId }: z.output<typeof params>,
    @Body({ schema: rejectionRequest })
    { reason: because }: z.output<typeof rejectionRequest>,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    const request = { proposalId, reason: because };
    const rejection = { by: origin.caller.subject, reason: because };
    return this.changes.perform(
      origin,
      { operation: REJECT, merchantId: null, request },
      async () => {
        const proposal = await this.adjustments.reject(proposalId, rejection);
        return { status: HttpStatus.OK, body: tellProposal(proposal) };
      },
    );
  }
}

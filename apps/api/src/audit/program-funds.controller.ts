import { Controller, Get, HttpStatus, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { identifier, PLACEMENTS } from '@app/contracts';
import { programFundsAsOf } from '@app/ledger/postgres';
import { Operation, ProblemException, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { amount, unit } from '../openapi/fields.js';
import {
  cutAsked,
  isOneMoment,
  momentAnswer,
  momentFields,
  NOT_ONE_MOMENT,
  toMomentAnswer,
} from '../openapi/moment.js';
import { AuditReader } from '../read-model/moment-readers.js';

const params = z.strictObject({ program: identifier });
const query = z.strictObject(momentFields).refine(isOneMoment, NOT_ONE_MOMENT);

const programFunds = z
  .strictObject({
    program: z.string(),
    ...momentAnswer,
    /** Over all versions; a unit without a budget is left out. */
    funds: z.array(
      z.strictObject({
        unit,
        budget: amount,
        granted: amount,
        spent: amount,
        spentBy: z.array(
          z.strictObject({ placement: z.enum(PLACEMENTS), amount }),
        ),
        expired: amount,
        clawedBack: amount,
        left: amount,
      }),
    ),
  })
  .meta({ id: 'ProgramFunds' });

@Controller('v1/programs/:program/funds')
export class ProgramFundsController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readProgramFunds',
    tag: 'audit',
    summary:
      'A program’s budget, granted, spent, expired, taken back and left, as of a moment',
    answers: { 200: programFunds },
    problems: ['not-found'],
  })
  read(
    @Param({ schema: params }) { program }: z.output<typeof params>,
    @Query({ schema: query }) moment: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof programFunds>> {
    return this.reader.read(async (db) => {
      const answered = toMomentAnswer(moment);
      const cut = await cutAsked(db, moment, this.reader.shards);
      const funds = await programFundsAsOf(db, program, cut);
      if (funds.length > 0) return { program, ...answered, funds };
      throw new ProblemException({
        kind: 'not-found',
        status: HttpStatus.NOT_FOUND,
        detail: `No budget of ${program} was issued by then.`,
      });
    }, gone);
  }
}

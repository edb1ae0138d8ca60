import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  compareWithBaseline,
  gmvMinorPerUnit,
  groupResults,
  parsePeriod,
  PeriodError,
  sumResults,
  type Comparison,
  type Period,
} from '@app/promotion';
import { readPromotion } from '@app/promotion/postgres';
import { invalidRequest, Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { MerchantReader } from '../read-model/moment-readers.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { placeOf } from './merchant-place.js';
import { RESULTS_BY, results, toGroup, type Results } from './results.js';

const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

const day = z.string().meta({
  openapi: {
    description:
      'A day in Asia/Shanghai: `to` today, `from` 29 days before it, by default; 400 days at most.',
    type: 'string',
    format: 'date',
    pattern: DAY_PATTERN.source,
  },
});

const query = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  by: z
    .enum(RESULTS_BY)
    .describe('What there is a line of; of a session or a video alone.')
    .default('day'),
});

/** What was spent for a merchant, and what that brought. */
@Controller('v1/merchants/:id/results')
export class ResultsController {
  constructor(private readonly reader: MerchantReader) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'readResults',
    tag: 'merchants',
    summary:
      'What was spent for a merchant and what it brought, by day, placement, session or video',
    answers: { 200: results },
  })
  async read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: query }) { by, ...asked }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<Results> {
    const period = periodOf(asked);
    const place = placeOf(id, this.reader.shards);
    const promotion = await this.reader.read(
      (db) => readPromotion(db, place, period),
      gone,
    );
    const told = promotion.results.filter(({ placement }) =>
      by === 'session'
        ? placement === 'live'
        : by === 'video'
          ? placement === 'short_video'
          : true,
    );
    const grouping = by === 'session' || by === 'video' ? 'target' : by;
    return {
      merchantId: id,
      ...period,
      by,
      results: groupResults(told, grouping).map(toGroup),
      total: toGroup(sumResults(told)),
      comparisons: compareWithBaseline(
        promotion.sales,
        [...promotion.resultsAhead, ...promotion.results],
        period,
      ).map(toAnswer),
    };
  }
}

function periodOf(asked: { from?: string; to?: string }): Period {
  try {
    return parsePeriod(asked, Date.now());
  } catch (error) {
    if (!(error instanceof PeriodError)) throw error;
    const { field, expected } = error;
    throw invalidRequest([{ field, message: expected }]);
  }
}

function toAnswer({ placement, ...sides }: Comparison) {
  const pace = (of: 'promoted' | 'unpromoted') => ({
    ...sides[of],
    gmvMinorPerUnit: gmvMinorPerUnit(placement, sides[of]),
  });
  return {
    placement,
    unit: placement === 'live' ? ('hour' as const) : ('day' as const),
    promoted: pace('promoted'),
    unpromoted: pace('unpromoted'),
  };
}

import {
  Controller,
  Get,
  HttpStatus,
  Query,
  StreamableFile,
} from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import { FORMATS, type Format } from '@app/exports';
import { streamExport } from '@app/exports/postgres';
import type { Pool } from '@app/ledger/postgres';
import { Operation, ProblemException, Roles } from '@app/platform';
import { timeZone } from '@app/programs';
import { isPeriod, NOT_A_PERIOD, time } from '../openapi/moment.js';
import { explainFailure } from '../read-model/explain-failure.js';
import { ExportPool } from './export-pool.js';

const query = z
  .strictObject({
    format: z.enum(FORMATS),
    by: z
      .enum(['recorded', 'occurred'])
      .describe('The time by which an entry belongs to the period.')
      .default('recorded'),
    from: time
      .describe('From then on; from the first entry on, by default.')
      .optional(),
    to: time
      .describe('The first instant that is left out; none, by default.')
      .optional(),
    program: identifier.optional(),
    merchant: identifier.optional(),
    timeZone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'expected a time zone, e.g. Asia/Shanghai')
      .describe('Of the dates in an hledger journal.')
      .default('Asia/Shanghai'),
  })
  .refine(isPeriod, NOT_A_PERIOD);

const CONTENT_TYPES: Record<Format, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  hledger: 'text/plain',
};

@Controller('v1/exports')
export class ExportsController {
  constructor(private readonly exports: ExportPool) {}

  /** Streamed: an answer that is cut off has failed, and says so by ending without its last chunk. */
  @Get('entries')
  @Roles('auditor')
  @Operation({
    id: 'exportEntries',
    tag: 'audit',
    summary: 'Entries as a file: CSV, NDJSON, Parquet or an hledger journal',
    answers: {
      200: { contentTypes: Object.values(CONTENT_TYPES) },
    },
    problems: ['too-many-exports'],
  })
  async entries(
    @Query({ schema: query }) asked: z.output<typeof query>,
  ): Promise<StreamableFile> {
    const { format, by, from, to, program, merchant } = asked;
    const begin = (pool: Pool) =>
      streamExport(
        pool,
        {
          format,
          timeZone: asked.timeZone,
          // What is not the whole of a ledger begins with what there was ahead of it.
          withOpening: format === 'hledger' && from !== undefined,
          escapeFormulas: false,
          selection: {
            by,
            from: from?.toISOString() ?? null,
            to: to?.toISOString() ?? null,
            program: program ?? null,
            merchant: merchant ?? null,
          },
        },
        { zoneOf: timeZone },
      );
    const bytes = await this.exports
      .use(begin)
      .catch((error: { code?: string }) => {
        throw explainFailure(error, error.code);
      });
    if (!bytes)
      throw new ProblemException({
        kind: 'too-many-exports',
        status: HttpStatus.SERVICE_UNAVAILABLE,
        detail: 'As many exports run as can; try again when one has ended.',
        headers: { 'retry-after': '30' },
      });
    return new StreamableFile(bytes, {
      type: CONTENT_TYPES[format],
      disposition: `attachment; filename="entries.${format}"`,
    });
  }
}

function isTimeZone(name: string): boolean {
  try {
    timeZone(name);
    return true;
  } catch {
    return false;
  }
}

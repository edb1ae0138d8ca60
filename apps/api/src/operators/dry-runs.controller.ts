import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { z } from 'zod';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { isPeriod, NOT_A_PERIOD, time } from '../openapi/moment.js';
import { dryRunResult, tellDryRun } from './dry-run-result.js';
import { DryRuns } from './dry-runs.js';
import { programFile, readFile } from './program-files.js';

const TOP_DEFAULT = 5;
const TOP_MAX = 100;

const request = z
  .strictObject({
    draft: programFile,
    running: programFile
      .describe('The version that the draft is put beside; none, by default.')
      .optional(),
    from: time.describe('What happened from then on counts.').optional(),
    to: time.describe('Until then: the first instant left out.').optional(),
    top: z
      .int()
      .min(0)
      .max(TOP_MAX)
      .default(TOP_DEFAULT)
      .describe('How many merchants are told of each list.'),
  })
  .refine(isPeriod, NOT_A_PERIOD)
  .meta({ id: 'DryRunRequest' });

@Controller('v1/program-dry-runs')
export class DryRunsController {
  constructor(private readonly dryRuns: DryRuns) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @Roles('operator', 'approver')
  @Operation({
    id: 'dryRunProgram',
    tag: 'operators',
    summary:
      'What a draft would have granted for recorded activity, beside another version',
    answers: { 200: dryRunResult },
    problems: ['payload-too-large', 'too-many-dry-runs'],
  })
  async run(
    @Body({ schema: request })
    { draft, running, from, to, top }: z.output<typeof request>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof dryRunResult>> {
    const result = await this.dryRuns.run(
      {
        draft: readFile(draft, 'draft'),
        running: running ? readFile(running, 'running') : null,
        span: {
          fromMs: from?.getTime() ?? -Infinity,
          untilMs: to?.getTime() ?? Infinity,
        },
        top,
      },
      gone,
    );
    return tellDryRun(result);
  }
}

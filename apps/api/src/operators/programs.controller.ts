import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { noSuchProgram } from './program-changes.service.js';
import {
  publishedProgram,
  type PublishedProgram,
} from './published-program.js';
import { PublishedPrograms } from './published-programs.js';

const programList = z
  .strictObject({ programs: z.array(publishedProgram) })
  .meta({ id: 'ProgramList' });

const params = z.strictObject({ program: identifier });

/** Programs as the ledger has them. */
@Controller('v1/programs')
export class ProgramsController {
  constructor(private readonly published: PublishedPrograms) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'listPrograms',
    tag: 'operators',
    summary: 'Published programs: their versions, and what became of budgets',
    answers: { 200: programList },
  })
  async list(
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof programList>> {
    return { programs: await this.published.readAll(gone) };
  }

  @Get(':program')
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'readProgram',
    tag: 'operators',
    summary: 'A published program: its versions, and what became of its budget',
    answers: { 200: publishedProgram },
    problems: ['not-found'],
  })
  async read(
    @Param({ schema: params }) { program }: z.output<typeof params>,
    @ClientGone() gone: AbortSignal,
  ): Promise<PublishedProgram> {
    const published = await this.published.read(program, gone);
    if (published) return published;
    throw noSuchProgram(program);
  }
}

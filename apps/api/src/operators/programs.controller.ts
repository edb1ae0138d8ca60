import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Post,
} from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import { readPublishedPrograms } from '@app/ledger/postgres';
import { FIRST_PROGRAM_CHANGE, programHash } from '@app/programs';
import {
  readProgramChanges,
  readProgramPositions,
} from '@app/programs/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { instant } from '../openapi/fields.js';
import { OperatorReader } from '../read-model/moment-readers.js';
import { noSuchProgram } from './program-changes.service.js';
import { checkFiles, fileMistake, programFiles } from './program-files.js';
import {
  publishedProgram,
  tellPrograms,
  type PublishedProgram,
} from './published-program.js';

const programList = z
  .strictObject({ programs: z.array(publishedProgram) })
  .meta({ id: 'ProgramList' });

const params = z.strictObject({ program: identifier });

const checkRequest = z
  .strictObject({ files: programFiles })
  .meta({ id: 'ProgramCheckRequest' });

const programCheck = z
  .strictObject({
    /** What the files say; empty where there is a mistake. */
    programs: z.array(
      z.strictObject({
        program: z.string(),
        version: z.int(),
        programHash: z.string(),
        startsAt: instant.nullable(),
        goals: z.int(),
        /** Whether this very content is published as this version; null where the version is not published. */
        isAsPublished: z.boolean().nullable(),
      }),
    ),
    /** By file, from the top down. */
    mistakes: z.array(fileMistake),
  })
  .meta({ id: 'ProgramCheck' });

/** Programs as the ledger has them, and drafts of them. */
@Controller('v1/programs')
export class ProgramsController {
  constructor(private readonly reader: OperatorReader) {}

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
    return { programs: await this.#read(null, gone) };
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
    const [published] = await this.#read(program, gone);
    if (published) return published;
    throw noSuchProgram(program);
  }

  @Post('check')
  @HttpCode(HttpStatus.OK)
  @Roles('operator', 'approver')
  @Operation({
    id: 'checkPrograms',
    tag: 'operators',
    summary:
      'Says every mistake in program files, all together, as the granter would read them',
    answers: { 200: programCheck },
    problems: ['payload-too-large'],
  })
  async check(
    @Body({ schema: checkRequest }) { files }: z.output<typeof checkRequest>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof programCheck>> {
    const read = checkFiles(files);
    if ('mistakes' in read)
      return { programs: [], mistakes: [...read.mistakes] };
    const hashes = new Map(
      (await this.#read(null, gone)).flatMap(({ program, versions }) =>
        versions.map((known) => [
          `${program} ${known.version}`,
          known.programHash,
        ]),
      ),
    );
    return {
      mistakes: [],
      programs: read.programs.map((program) => {
        const hash = programHash(program);
        const known = hashes.get(`${program.program} ${program.version}`);
        return {
          program: program.program,
          version: program.version,
          programHash: hash,
          startsAt:
            program.startsAtMs === null ? null : new Date(program.startsAtMs),
          goals: program.goals.length,
          isAsPublished: known === undefined ? null : known === hash,
        };
      }),
    };
  }

  /** @param program this one alone; all, where it is null */
  async #read(
    program: string | null,
    gone: AbortSignal,
  ): Promise<PublishedProgram[]> {
    const { shards } = this.reader;
    const known = await this.reader.read(
      async (db) => ({
        issued: await readPublishedPrograms(db, program),
        changes: await readProgramChanges(db, FIRST_PROGRAM_CHANGE),
        positions: await readProgramPositions(db, shards),
      }),
      gone,
    );
    return tellPrograms(known).filter(
      (one) => program === null || one.program === program,
    );
  }
}

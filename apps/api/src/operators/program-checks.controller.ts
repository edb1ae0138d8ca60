import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { z } from 'zod';
import { programHash } from '@app/programs';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { instant } from '../openapi/fields.js';
import { checkFiles, fileMistake, programFiles } from './program-files.js';
import { PublishedPrograms } from './published-programs.js';

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

/** Drafts of programs, as they would be published. */
@Controller('v1/program-checks')
export class ProgramChecksController {
  constructor(private readonly published: PublishedPrograms) {}

  @Post()
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
      (await this.published.readAll(gone)).flatMap(({ program, versions }) =>
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
}

import {
  Body,
  Controller,
  HttpCode,
  HttpStatus,
  Param,
  Post,
} from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import { Operation, Roles } from '@app/platform';
import { ChangeLog, type Change } from '../changes/change-log.js';
import { From, type ChangeOrigin } from '../changes/change-request.js';
import type { StoredAnswer } from '../changes/stored-answer.js';
import { instant } from '../openapi/fields.js';
import { ProgramChangesService } from './program-changes.service.js';
import { programFile, type ProgramFile } from './program-files.js';
import { pause, programHashField, tellPause } from './published-program.js';
import { reason } from './reason.js';

const PUBLISH = 'publishProgram';
const PAUSE = 'pauseProgram';
const RESUME = 'resumeProgram';

const publication = z
  .strictObject({
    program: z.string(),
    version: z.int(),
    programHash: programHashField,
    publishedAt: instant,
    publishedBy: z.string(),
    /** Among all changes of programs: a shard follows it once its head has consumed more of `programs`. */
    sequence: z.int(),
  })
  .meta({ id: 'ProgramPublication' });

const turnRequest = z
  .strictObject({ reason })
  .meta({ id: 'ProgramTurnRequest' });
type TurnRequest = z.output<typeof turnRequest>;

const programState = z
  .strictObject({
    program: z.string(),
    /** Null where it runs. */
    paused: pause.nullable(),
  })
  .meta({ id: 'ProgramState' });

const params = z.strictObject({ program: identifier });
type Params = z.output<typeof params>;

/** What operators do to programs while granters run. */
@Controller('v1/programs')
export class ProgramChangesController {
  constructor(
    private readonly programs: ProgramChangesService,
    private readonly changes: ChangeLog,
  ) {}

  @Post()
  @Roles('operator')
  @Operation({
    id: PUBLISH,
    tag: 'operators',
    summary:
      'Publishes a version of a program, for good: granters follow it within seconds',
    answers: { 201: publication, 200: publication },
    problems: ['payload-too-large'],
    changes: true,
  })
  publish(
    @Body({ schema: programFile }) file: ProgramFile,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    return this.changes.perform(
      origin,
      { operation: PUBLISH, merchantId: null, request: file },
      async (change) => {
        const made = await this.programs.publish(
          file,
          makerOf(origin, change, null),
        );
        const { program, version, programHash } = made;
        return {
          // The same again finds what the change itself has made.
          status:
            made.changeId === change.id ? HttpStatus.CREATED : HttpStatus.OK,
          body: {
            program,
            version,
            programHash,
            publishedAt: made.recordedAt,
            publishedBy: made.madeBy,
            sequence: Number(made.sequence),
          },
        };
      },
    );
  }

  @Post(':program/pause')
  @HttpCode(HttpStatus.OK)
  @Roles('operator')
  @Operation({
    id: PAUSE,
    tag: 'operators',
    summary:
      'Pauses a program: what comes from then on counts nowhere in it, and nothing of it settles',
    answers: { 200: programState },
    problems: ['not-found'],
    changes: true,
  })
  pause(
    @Param({ schema: params }) { program }: Params,
    @Body({ schema: turnRequest }) request: TurnRequest,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    return this.#turn(PAUSE, 'paused', program, request, origin);
  }

  @Post(':program/resumption')
  @HttpCode(HttpStatus.OK)
  @Roles('operator')
  @Operation({
    id: RESUME,
    tag: 'operators',
    summary: 'Lets a program go on: what was to settle meanwhile settles now',
    answers: { 200: programState },
    problems: ['not-found'],
    changes: true,
  })
  resume(
    @Param({ schema: params }) { program }: Params,
    @Body({ schema: turnRequest }) request: TurnRequest,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    return this.#turn(RESUME, 'resumed', program, request, origin);
  }

  #turn(
    operation: string,
    turn: 'paused' | 'resumed',
    program: string,
    request: TurnRequest,
    origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    return this.changes.perform(
      origin,
      { operation, merchantId: null, request: { program, ...request } },
      async (change) => {
        const maker = makerOf(origin, change, request.reason);
        const made = await this.programs.turn(turn, program, maker);
        return {
          status: HttpStatus.OK,
          body: { program, paused: tellPause(made, program) },
        };
      },
    );
  }
}

function makerOf(
  { caller }: ChangeOrigin,
  { id }: Change,
  because: string | null,
) {
  return { madeBy: caller.subject, reason: because, changeId: id };
}

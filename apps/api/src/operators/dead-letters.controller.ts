import {
  Body,
  Controller,
  Get,
  HttpStatus,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { CloudEvent } from '@app/contracts';
import { Operation, Roles } from '@app/platform';
import { ChangeLog } from '../changes/change-log.js';
import { From, type ChangeOrigin } from '../changes/change-request.js';
import type { StoredAnswer } from '../changes/stored-answer.js';
import {
  cursorField,
  encodeCursor,
  sequenceInCursor,
} from '../openapi/cursor.js';
import { next } from '../openapi/fields.js';
import { pageLimit } from '../openapi/query-fields.js';
import { toldDeadLetter } from './dead-letter.js';
import { DeadLettersService } from './dead-letters.service.js';

const REPLAY = 'replayDeadLetter';

const query = z.strictObject({
  limit: pageLimit,
  cursor: cursorField(
    z.strictObject({
      partition: z.int().min(0),
      offset: sequenceInCursor,
    }),
  ).optional(),
});
const deadLetterPage = z
  .strictObject({
    /** By partition and offset. */
    deadLetters: z.array(toldDeadLetter),
    next,
  })
  .meta({ id: 'DeadLetterPage' });

const wholeNumber = (digitsMax: number) =>
  z
    .string()
    .regex(
      new RegExp(`^\\d{1,${digitsMax}}$`),
      'expected a whole number from 0 on',
    )
    .meta({ openapi: { type: 'integer', minimum: 0 } });
const params = z.strictObject({
  partition: wholeNumber(9),
  offset: wholeNumber(15),
});

const replayRequest = z
  .strictObject({
    event: z
      .looseObject({})
      .refine(isWritable, 'expected JSON that RFC 8785 covers')
      .describe('The event as it should have been; without, as it was.')
      .optional(),
  })
  .meta({ id: 'ReplayRequest' });

/** JSON that JavaScript reads may have 1e400, or nesting deeper than the stack. */
function isWritable(event: object): boolean {
  try {
    return canonicalize(event) !== undefined;
  } catch {
    return false;
  }
}

const replayed = z
  .strictObject({
    topic: z.string(),
    merchantId: z.string(),
    /** Of the event: what it causes can be asked for by its source and id. */
    source: z.string(),
    id: z.string(),
  })
  .meta({ id: 'Replayed' });

/** Messages that could not be read: kept as they were, and published again once they can be. */
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLettersService,
    private readonly changes: ChangeLog,
  ) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'listDeadLetters',
    tag: 'operators',
    summary: 'Messages that were refused, and why',
    answers: { 200: deadLetterPage },
    problems: ['kafka-unavailable'],
  })
  async list(
    @Query({ schema: query }) { limit, cursor }: z.output<typeof query>,
  ): Promise<z.output<typeof deadLetterPage>> {
    const page = await this.deadLetters.list(cursor ?? null, limit);
    return { ...page, next: page.next && encodeCursor(page.next) };
  }

  @Post(':partition/:offset/replay')
  @Roles('operator')
  @Operation({
    id: REPLAY,
    tag: 'operators',
    summary:
      'Publishes a dead letter on its topic again, corrected or as it was',
    answers: { 202: replayed },
    problems: ['not-found', 'dead-letter-unreadable', 'kafka-unavailable'],
    changes: true,
  })
  replay(
    @Param({ schema: params }) { partition, offset }: z.output<typeof params>,
    @Body({ schema: replayRequest })
    { event }: z.output<typeof replayRequest>,
    @From() origin: ChangeOrigin,
  ): Promise<StoredAnswer> {
    const place = { partition: Number(partition), offset: BigInt(offset) };
    const request = {
      operation: REPLAY,
      merchantId: null,
      request: { partition, offset, ...(event ? { event } : {}) },
    };
    return this.changes.perform(origin, request, async () => ({
      status: HttpStatus.ACCEPTED,
      // Whether it is one is said by the contract of its topic.
      body: await this.deadLetters.replay(
        place,
        event as CloudEvent | undefined,
      ),
    }));
  }
}

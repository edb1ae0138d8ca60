import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { asyncApiDocument } from '@app/contracts/asyncapi';
import { Operation, Public } from '@app/platform';

/** What the system takes and gives on Kafka, for whoever publishes. */
@Controller('asyncapi.json')
export class AsyncApiController {
  readonly #document = asyncApiDocument();

  @Get()
  @Public()
  @Operation({
    id: 'readAsyncApi',
    tag: 'operations',
    summary: 'The contract of the topics on Kafka, in AsyncAPI 3',
    answers: { 200: z.looseObject({ asyncapi: z.string() }) },
  })
  read(): object {
    return this.#document;
  }
}

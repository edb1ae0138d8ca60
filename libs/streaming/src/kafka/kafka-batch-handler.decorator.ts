import {
  applyDecorators,
  Catch,
  UseFilters,
  type RpcExceptionFilter,
} from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

export const KAFKA_BATCH_TRANSPORT = Symbol('KAFKA_BATCH_TRANSPORT');

/** Lets the transport see the error itself, where Nest would put a general one in its place. */
@Catch()
class PassErrorsOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Declares a method as the handler of a topic's batches under `KafkaBatchStrategy`. It takes a
 * `SourceBatch<ReceivedMessage>` and answers with the position to read next (see `ShardWriter.take`).
 */
export function KafkaBatchHandler(topic: string): MethodDecorator {
  return applyDecorators(
    MessagePattern(topic, KAFKA_BATCH_TRANSPORT),
    UseFilters(PassErrorsOn),
  );
}

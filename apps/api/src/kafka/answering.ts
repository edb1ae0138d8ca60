import { setTimeout as sleep } from 'node:timers/promises';
import { HttpStatus } from '@nestjs/common';
import { ProblemException } from '@app/platform';

/**
 * Waits for Kafka no longer than a caller would.
 *
 * @param detail what the caller is told where it does not answer
 * @throws ProblemException 503 `kafka-unavailable`; what was asked for may happen all the same
 */
export async function answering<Result>(
  deadlineMs: number,
  detail: string,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await withDeadline(deadlineMs, work);
  } catch (error) {
    if (error instanceof ProblemException) throw error;
    throw new ProblemException({
      kind: 'kafka-unavailable',
      status: HttpStatus.SERVICE_UNAVAILABLE,
      detail,
      cause: error,
    });
  }
}

async function withDeadline<Result>(
  deadlineMs: number,
  work: Promise<Result>,
): Promise<Result> {
  const timer = new AbortController();
  const deadline = sleep(deadlineMs, undefined, { signal: timer.signal }).then(
    () => {
      throw new Error(`no answer within ${deadlineMs} ms`);
    },
  );
  try {
    return await Promise.race([work, deadline]);
  } finally {
    timer.abort();
  }
}

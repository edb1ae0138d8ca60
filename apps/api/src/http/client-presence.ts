import { AsyncLocalStorage } from 'node:async_hooks';
import { HttpStatus } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from '@app/platform';

const presence = new AsyncLocalStorage<AbortSignal>();

/** Express middleware that lets whatever a request leads to ask whether its client is still there. */
export function watchClient(
  _: Request,
  response: Response,
  next: NextFunction,
): void {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  presence.run(gone.signal, next);
}

/** Aborts when the client of the present request goes away; undefined where there is no request. */
export function clientGone(): AbortSignal | undefined {
  return presence.getStore();
}

/** Runs what is to be done to its end, whether the client of the present request stays or not. */
export function regardlessOfClient<Result>(work: () => Result): Result {
  return presence.exit(work);
}

/** Runs what is done for several clients, who count as gone once all of them are; one that is undefined never is. */
export function forClients<Result>(
  gone: readonly (AbortSignal | undefined)[],
  work: () => Result,
): Result {
  const allGone = new AbortController();
  let there = gone.length;
  const leave = () => {
    there -= 1;
    if (there === 0) allGone.abort();
  };
  for (const client of gone)
    client?.addEventListener('abort', leave, { once: true });
  return presence.run(allGone.signal, work);
}

/** Nobody reads it; the log tells of it as of any refusal. */
export function clientClosedRequest(cause?: unknown): ProblemException {
  return new ProblemException({
    kind: 'client-closed-request',
    status: 499 as HttpStatus,
    detail: 'The client went away.',
    cause,
  });
}

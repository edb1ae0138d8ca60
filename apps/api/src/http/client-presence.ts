import {
  createParamDecorator,
  type ExecutionContext,
  type HttpStatus,
} from '@nestjs/common';
import type { Response } from 'express';
import { ProblemException } from '@app/platform';

/**
 * A signal, as a parameter of a handler, that aborts when the client goes away without its answer. It is passed on by
 * hand: what would find it anywhere, AsyncLocalStorage, makes every promise of the process dearer in Node 20.
 */
export const ClientGone = createParamDecorator(
  (_: undefined, context: ExecutionContext): AbortSignal => {
    const response = context.switchToHttp().getResponse<Response>();
    const gone = new AbortController();
    const leave = () => {
      if (!response.writableFinished) gone.abort();
    };
    if (response.destroyed) leave();
    else response.once('close', leave);
    return gone.signal;
  },
);

/** Aborts when all of the signals have. */
export function allAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  const count = () => {
    left -= 1;
    if (left === 0) all.abort();
  };
  for (const signal of signals)
    if (signal.aborted) count();
    else signal.addEventListener('abort', count, { once: true });
  return all.signal;
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

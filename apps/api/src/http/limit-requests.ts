import { HttpStatus } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from '@app/platform';
import { RequestCounts } from './request-counts.js';

const WINDOW_SECONDS = 60;
/** Whoever watches over the service is not to be turned away: it would be taken for dead. */
const UNLIMITED = /^\/(health|metrics)(\/|$)/;

export interface RequestLimit {
  /** Of whom it is: a word for callers. */
  of: string;
  /** 0 for any number. */
  perMinute: number;
  keyOf: (request: Request) => string;
}

/**
 * Express middleware that turns requests away that are too many, by the first limit that they are over, and says what
 * is left of each in headers of draft-ietf-httpapi-ratelimit-headers.
 */
export function limitRequests(all: readonly RequestLimit[]) {
  const limits = all
    .filter(({ perMinute }) => perMinute > 0)
    .map((limit) => ({
      ...limit,
      counts: new RequestCounts(WINDOW_SECONDS * 1_000, Date.now),
    }));
  const policy = limits
    .map(({ of, perMinute }) => `"${of}"; q=${perMinute}; w=${WINDOW_SECONDS}`)
    .join(', ');

  return (request: Request, response: Response, next: NextFunction): void => {
    if (limits.length === 0 || UNLIMITED.test(request.path)) return next();
    let left = '';
    let refusal: ProblemException | undefined;
    for (const { of, perMinute, keyOf, counts } of limits) {
      const { requests, endsAtMs } = counts.count(keyOf(request));
      const seconds = Math.ceil((endsAtMs - Date.now()) / 1_000);
      left += `${left && ', '}"${of}"; r=${Math.max(0, perMinute - requests)}; t=${seconds}`;
      if (requests <= perMinute) continue;
      refusal = tooManyRequests(of, perMinute, seconds);
      break;
    }
    response.setHeader('ratelimit-policy', policy);
    response.setHeader('ratelimit', left);
    next(refusal);
  };
}

function tooManyRequests(
  of: string,
  perMinute: number,
  seconds: number,
): ProblemException {
  return new ProblemException({
    kind: 'too-many-requests',
    status: HttpStatus.TOO_MANY_REQUESTS,
    detail: `There were more than ${perMinute} requests a minute of one ${of}; wait as long as Retry-After says.`,
    headers: { 'retry-after': String(seconds) },
  });
}

import { hash } from 'node:crypto';
import { HttpStatus } from '@nestjs/common';
import { ProblemException } from '@app/platform';

/**
 * An answer that a client may have already: one that asks with `If-None-Match` is told by 304 that it has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
 */
export class TaggedAnswer {
  constructor(
    readonly json: string,
    /** Another for another content. */
    readonly tag: string,
  ) {}
}

/** The strong entity tag of a content. */
export function entityTag(json: string): string {
  return `"${hash('sha1', json, 'base64url')}"`;
}

/**
 * @param ifMatch a header `If-Match`; whatever is there is meant where there is none
 * @throws ProblemException 412 `precondition-failed`
 */
export function requireTag(ifMatch: string | undefined, tag: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  if (ifMatch.split(',').some((one) => one.trim() === tag)) return;
  throw new ProblemException({
    kind: 'precondition-failed',
    status: HttpStatus.PRECONDITION_FAILED,
    detail: 'It is no longer what If-Match says: read it again.',
  });
}

import {
  createParamDecorator,
  HttpStatus,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import { ProblemException, type Caller } from '@app/platform';

/** Who asks for a change, and from where. */
export interface ChangeOrigin {
  caller: Caller;
  /** An IP address; null where the connection is gone. */
  address: string | null;
  idempotencyKey: string;
}

/** The length that a key may have, and what it is made of: as much as a string of RFC 8941 holds. */
export const KEY_PATTERN = '^[\\x20-\\x7e]{1,255}$';
const KEY = new RegExp(KEY_PATTERN);
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;

/**
 * Where a change comes from, as a parameter of its handler.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @throws ProblemException 400 `idempotency-key-missing`
 */
export const From = createParamDecorator(
  (_: undefined, context: ExecutionContext): ChangeOrigin => {
    const request = context
      .switchToHttp()
      .getRequest<Request & { caller: Caller }>();
    return {
      caller: request.caller,
      address: request.ip ?? null,
      idempotencyKey: parseKey(request.get('idempotency-key')),
    };
  },
);

/** A key in the quotes of a structured field (RFC 8941), as the draft has it, or without, as most clients send it. */
export function parseKey(header: string | undefined): string {
  const [, quoted] = QUOTED.exec(header ?? '') ?? [];
  const key = quoted?.replace(/\\(["\\])/g, '$1') ?? header ?? '';
  if (KEY.test(key)) return key;
  throw new ProblemException({
    kind: 'idempotency-key-missing',
    status: HttpStatus.BAD_REQUEST,
    detail:
      'A change needs a header Idempotency-Key of 1 to 255 characters of ASCII, a new one for each change.',
  });
}

import {
  createParamDecorator,
  HttpStatus,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemException } from '../problem.js';
import { accessRuleOf, isAllowed } from './access-rule.js';
import type { Caller } from './caller.js';
import {
  KeysUnavailableError,
  TokenError,
  TokenVerifier,
} from './token-verifier.js';

/** The protection space of the challenges (RFC 6750, section 3). */
const REALM = 'traffic-reward-ledger';
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;

/** As much of a request as is needed to know who makes it. */
interface Request {
  headers: { authorization?: string };
  params: Record<string, string>;
  caller?: Caller;
}

/** Who makes the request, as a parameter of its handler; of a public route, nobody. */
export const CalledBy = createParamDecorator(
  (_: undefined, context: ExecutionContext): Caller | undefined =>
    context.switchToHttp().getRequest<Request>().caller,
);

/**
 * Lets in whom a route's rule allows, and nobody where it has none.
 *
 * @throws ProblemException 401 `unauthenticated` or `invalid-token`, 403 `forbidden`, 503 `keys-unavailable`
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = accessRuleOf(
      this.reflector,
      context.getHandler(),
      context.getClass(),
    );
    if (rule?.type === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    request.caller = await this.#authenticate(request);
    if (rule && isAllowed(rule, request.caller, request.params)) return true;
    throw new ProblemException({
      kind: 'forbidden',
      status: HttpStatus.FORBIDDEN,
      detail: 'The token does not give the right to this call.',
      headers: challenge('insufficient_scope'),
    });
  }

  async #authenticate({ headers }: Request): Promise<Caller> {
    const [, token] = BEARER.exec(headers.authorization ?? '') ?? [];
    if (token === undefined)
      throw new ProblemException({
        kind: 'unauthenticated',
        status: HttpStatus.UNAUTHORIZED,
        detail: 'The call needs a bearer token.',
        headers: challenge(),
      });
    try {
      return await this.verifier.verify(token);
    } catch (error) {
      if (error instanceof TokenError) throw invalidToken(error);
      if (error instanceof KeysUnavailableError) throw keysUnavailable(error);
      throw error;
    }
  }
}

function invalidToken(cause: TokenError): ProblemException {
  return new ProblemException({
    kind: 'invalid-token',
    status: HttpStatus.UNAUTHORIZED,
    detail: `The token is not taken: ${cause.message}.`,
    headers: challenge('invalid_token'),
    cause,
  });
}

function keysUnavailable(cause: KeysUnavailableError): ProblemException {
  return new ProblemException({
    kind: 'keys-unavailable',
    status: HttpStatus.SERVICE_UNAVAILABLE,
    detail: `The token cannot be checked now: ${cause.message}.`,
    cause,
  });
}

/** What to bring instead (RFC 6750, section 3). */
function challenge(error?: string): Record<string, string> {
  const realm = `Bearer realm="${REALM}"`;
  return { 'www-authenticate': error ? `${realm}, error="${error}"` : realm };
}

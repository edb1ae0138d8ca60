import {
  HttpStatus,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import {
  invalidRequest,
  ProblemException,
  routeInputs,
  type FieldError,
  type RouteInputs,
} from '@app/platform';

const BODY_TYPE = 'application/json';

/**
 * Refuses fields of a query, and a body, where a route takes none, or none of that type: what nobody reads is a mistake
 * of the caller. Those of routes that take some are the business of their schemas.
 */
@Injectable()
export class UndeclaredInputGuard implements CanActivate {
  readonly #inputs = new Map<object, RouteInputs>();

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { query, body } = this.#inputsOf(context);
    const errors: FieldError[] = query
      ? []
      : Object.keys(request.query).map((field) => ({
          field,
          message: 'unknown field',
        }));
    if (hasBody(request)) {
      if (!body) errors.push({ field: 'body', message: 'the call takes none' });
      else if (!request.is(BODY_TYPE)) throw unsupportedMediaType();
    }
    if (errors.length === 0) return true;
    throw invalidRequest(errors);
  }

  #inputsOf(context: ExecutionContext): RouteInputs {
    const handler = context.getHandler();
    let inputs = this.#inputs.get(handler);
    if (!inputs) {
      inputs = routeInputs(context.getClass(), handler.name);
      this.#inputs.set(handler, inputs);
    }
    return inputs;
  }
}

function hasBody({ headers }: Request): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0
  );
}

function unsupportedMediaType(): ProblemException {
  return new ProblemException({
    kind: 'unsupported-media-type',
    status: HttpStatus.UNSUPPORTED_MEDIA_TYPE,
    detail: `The body is to be ${BODY_TYPE}, and its Content-Type to say so.`,
    headers: { accept: BODY_TYPE },
  });
}

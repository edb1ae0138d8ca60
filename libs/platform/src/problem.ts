import { HttpException, HttpStatus } from '@nestjs/common';

/** Leads the `type` of every problem. */
export const TYPE_PREFIX = 'urn:traffic-reward-ledger:problem:';

/** One field of a request that is wrong. */
export interface FieldError {
  /** Where it is, parted by dots; `body` for the body as a whole. */
  field: string;
  message: string;
}

/**
 * An error as the client is told of it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface Problem {
  /** A URN that names the kind of problem, and never changes. */
  type: string;
  /** The kind of problem in words. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What went wrong this time. */
  detail: string;
  /** A URN of this one occurrence, which the log has too. */
  instance: string;
  errors?: readonly FieldError[];
}

export interface ProblemOptions {
  /** Names the kind of problem, e.g. `invalid-request`; clients rely on it. */
  kind: string;
  status: HttpStatus;
  detail: string;
  errors?: readonly FieldError[];
  /** Headers that the answer has besides, e.g. `retry-after`. */
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** An error whose kind clients can tell from others of the same status. */
export class ProblemException extends HttpException {
  readonly kind: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: ProblemOptions) {
    const { kind, status, detail, errors, headers = {}, cause } = options;
    super(detail, status, { cause });
    this.kind = kind;
    this.errors = errors;
    this.headers = headers;
  }
}

/** Tells a client of an exception: all of what was meant for it, and nothing of what was not. */
export function toProblem(exception: unknown, instance: string): Problem {
  if (exception instanceof ProblemException) {
    const { kind, errors } = exception;
    return {
      ...describe(kind, exception.getStatus()),
      detail: exception.message,
      instance,
      ...(errors && { errors }),
    };
  }
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    const kind = HttpStatus[status] ?? 'HTTP_ERROR';
    return {
      ...describe(kind.toLowerCase().replaceAll('_', '-'), status),
      detail: exception.message,
      instance,
    };
  }
  return {
    ...describe('internal-error', HttpStatus.INTERNAL_SERVER_ERROR),
    detail: 'The service failed; its log says more under this instance.',
    instance,
  };
}

function describe(kind: string, status: number) {
  const words = kind.replaceAll('-', ' ');
  return {
    type: `${TYPE_PREFIX}${kind}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status,
  };
}

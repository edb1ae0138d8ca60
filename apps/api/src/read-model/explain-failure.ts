import { HttpStatus } from '@nestjs/common';
import { ProblemException } from '@app/platform';
import { clientClosedRequest } from '../http/client-presence.js';

/** SQLSTATE of a statement that was cancelled: by its deadline, or because its client went away. */
const QUERY_CANCELED = '57014';
/** Classes of SQLSTATE that say that the server cannot serve now: connection, resources, intervention. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57']);
/** Of the system, where there was no server to say anything, e.g. ECONNREFUSED: no class of SQLSTATE begins like that. */
const NO_SERVER = /^E(?!RR_)/;

/**
 * What a client is told of an error of the database's driver.
 *
 * @param code SQLSTATE, or the system's own; undefined where a connection broke
 * @param gone whether the client went away, which cancels its queries
 */
export function explainFailure(
  error: unknown,
  code: string | undefined,
  gone?: AbortSignal,
): unknown {
  if (code === QUERY_CANCELED)
    return gone?.aborted
      ? clientClosedRequest(error)
      : new ProblemException({
          kind: 'deadline-exceeded',
          status: HttpStatus.SERVICE_UNAVAILABLE,
          detail: 'The database took too long.',
          cause: error,
        });
  if (
    !code ||
    NO_SERVER.test(code) ||
    UNAVAILABLE_CLASSES.has(code.slice(0, 2))
  )
    return databaseUnavailable(error);
  return error;
}

export function databaseUnavailable(cause: unknown): ProblemException {
  return new ProblemException({
    kind: 'database-unavailable',
    status: HttpStatus.SERVICE_UNAVAILABLE,
    detail: 'The database does not answer.',
    cause,
  });
}

import type { ProblemKind, Route } from '@app/platform';

/** Every kind of problem that the api answers with: the last part of its `type`. */
export const PROBLEMS = {
  'invalid-request': {
    status: 400,
    meaning: '`errors` names each field that is wrong',
  },
  'bad-request': {
    status: 400,
    meaning: 'the path or the body cannot be read at all',
  },
  'idempotency-key-missing': {
    status: 400,
    meaning: 'a change needs an `Idempotency-Key`',
  },
  unauthenticated: { status: 401, meaning: 'the call needs a token' },
  'invalid-token': {
    status: 401,
    meaning: 'the token is not taken; `detail` says why',
  },
  forbidden: {
    status: 403,
    meaning: 'the token does not give the right to this call',
  },
  'not-found': {
    status: 404,
    meaning: 'there is no such call, or not what it names',
  },
  'method-not-allowed': {
    status: 405,
    meaning: 'the call takes the methods that `Allow` names',
  },
  'change-in-progress': {
    status: 409,
    meaning: 'the change with this key is being made; ask again',
  },
  'balances-not-as-sealed': {
    status: 409,
    meaning: 'the ledger has other balances than were sealed: verify it',
  },
  'precondition-failed': {
    status: 412,
    meaning: 'it is no longer what `If-Match` says',
  },
  'payload-too-large': { status: 413, meaning: 'the body is over 16 KiB' },
  'unsupported-media-type': {
    status: 415,
    meaning: 'the body is not `application/json`, by its `Content-Type`',
  },
  'idempotency-key-reused': {
    status: 422,
    meaning: 'the key was used for another change',
  },
  'adjustment-refused': {
    status: 422,
    meaning: 'it must not, or cannot, be made; `detail` says why',
  },
  'dead-letter-unreadable': {
    status: 422,
    meaning: 'published again, it would be a dead letter again',
  },
  'too-many-requests': {
    status: 429,
    meaning: 'wait as long as `Retry-After` says',
  },
  'internal-error': { status: 500, meaning: 'a defect of the service' },
  'database-unavailable': {
    status: 503,
    meaning: 'the database does not answer; try again',
  },
  'deadline-exceeded': {
    status: 503,
    meaning: 'the database took too long',
  },
  'keys-unavailable': {
    status: 503,
    meaning: 'the keys of an issuer cannot be had; try again',
  },
  'log-unavailable': {
    status: 503,
    meaning: 'the api has no transparency log, or nothing is signed yet',
  },
  'too-many-exports': {
    status: 503,
    meaning: 'as many exports run as can; try again later',
  },
  'too-many-dry-runs': {
    status: 503,
    meaning: 'another draft is being run; try again later',
  },
  'too-many-streams': {
    status: 503,
    meaning:
      'as many streams are open as can be; close one, or try again later',
  },
  'kafka-unavailable': {
    status: 503,
    meaning:
      'what was asked for may or may not have been done; try again with the same key',
  },
} as const satisfies Record<string, ProblemKind>;

type Kind = keyof typeof PROBLEMS;

/** What may come of a call, whatever it is about. */
export function problemsOf({ access, operation, inputs }: Route): Kind[] {
  return [
    'invalid-request',
    'bad-request',
    ...(access.type === 'public'
      ? []
      : ([
          'unauthenticated',
          'invalid-token',
          'forbidden',
          'database-unavailable',
          'deadline-exceeded',
          'keys-unavailable',
        ] as const)),
    ...(operation.changes
      ? ([
          'idempotency-key-missing',
          'change-in-progress',
          'idempotency-key-reused',
        ] as const)
      : []),
    ...(operation.changes && operation.conditional
      ? (['precondition-failed'] as const)
      : []),
    ...(inputs.body
      ? (['payload-too-large', 'unsupported-media-type'] as const)
      : []),
    'too-many-requests',
    'internal-error',
  ];
}

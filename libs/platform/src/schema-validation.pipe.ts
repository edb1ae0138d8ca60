import { HttpStatus, StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';
import { ProblemException, type FieldError } from './problem.js';

/** As much of an issue as every kind of schema gives, and what zod adds for unknown keys. */
type Issue = Pick<z.core.$ZodIssue, 'message'> & {
  path?: readonly unknown[] | undefined;
  keys?: readonly string[];
};

/**
 * Validates params, queries and bodies against the schema of their decorator, e.g. `@Body({ schema })`.
 * Give params and queries schemas of whole objects, and use `z.strictObject` to refuse unknown fields.
 *
 * @throws ProblemException `invalid-request`, naming each field that is wrong
 */
export function schemaValidationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => invalidRequest(issues.flatMap(toFieldErrors)),
  });
}

/** A request that cannot be served as it is, whoever may ask and whenever. */
export function invalidRequest(
  errors: readonly FieldError[],
): ProblemException {
  return new ProblemException({
    kind: 'invalid-request',
    status: HttpStatus.BAD_REQUEST,
    detail: errors
      .map(({ field, message }) => `${field}: ${message}`)
      .join('; '),
    errors,
  });
}

function toFieldErrors({ path = [], keys, message }: Issue): FieldError[] {
  if (keys)
    return keys.map((key) => ({
      field: [...path, key].join('.'),
      message: 'unknown field',
    }));
  // Params and queries are always objects: only a body can be wrong as a whole.
  return [{ field: path.join('.') || 'body', message }];
}

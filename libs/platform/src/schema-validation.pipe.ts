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
  return new SchemaValidationPipe({
    exceptionFactory: (issues) => invalidRequest(issues.flatMap(toFieldErrors)),
  });
}

/** Nest takes these out of whatever comes, in silence. */
const TAKEN_OUT = ['__proto__', 'constructor', 'prototype'];

class SchemaValidationPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(value: unknown): void {
    const errors = fieldsNamed(TAKEN_OUT, value).map((field) => ({
      field,
      message: 'unknown field',
    }));
    if (errors.length > 0) throw invalidRequest(errors);
  }
}

/** Where fields of these names are, at any depth: also at one that no stack is deep enough for. */
function fieldsNamed(names: readonly string[], value: unknown): string[] {
  const fields: string[] = [];
  const left = [{ value, path: '' }];
  for (const { value: part, path } of left) {
    if (typeof part !== 'object' || part === null) continue;
    for (const [name, inner] of Object.entries(part)) {
      if (names.includes(name)) fields.push(path + name);
      else left.push({ value: inner, path: `${path}${name}.` });
    }
  }
  return fields;
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

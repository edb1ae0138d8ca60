import { z } from 'zod';
import { programSchema } from './program-schema.js';

/**
 * JSON Schema (2020-12) of a program file, for editors: they complete fields and explain them. It says less than
 * `parseProgram` does, which also knows what fields must agree on.
 */
export function programJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(programSchema, {
    io: 'input',
    target: 'draft-2020-12',
  });
  return { $schema, title: 'A program of traffic rewards', ...rest };
}

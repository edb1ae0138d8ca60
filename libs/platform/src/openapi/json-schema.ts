import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Schemas that have a name, by it. */
export type NamedSchemas = Record<string, JsonSchema>;

declare module 'zod' {
  interface GlobalMeta {
    /** What the schema is to callers, instead of what can be told from it: e.g. a number that comes as text. */
    openapi?: JsonSchema;
  }
}

/**
 * What a zod schema says, as JSON Schema (2020-12); those with an `id` are put among `named`, and referred to.
 *
 * @param io whether of what is given to it, or of what it gives
 */
export function toJsonSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  named: NamedSchemas,
): JsonSchema {
  // Within something, so that its own name counts too.
  const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
    io,
    unrepresentable: 'any',
    override: describe,
  });
  for (const [name, definition] of Object.entries($defs))
    named[name] = clean(definition);
  return clean(properties!['it']);
}

function describe({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { type } = zodSchema._zod.def;
  // JSON has no such things: as they are written.
  if (type === 'date')
    Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
  if (type === 'bigint')
    Object.assign(jsonSchema, { type: 'integer', format: 'int64' });
  const told = z.globalRegistry.get(zodSchema)?.openapi;
  if (!told) return;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, told);
}

/** Refers to where OpenAPI keeps schemas, and leaves out what is said elsewhere. */
function clean(schema: unknown): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === 'openapi' ||
    key === '$schema' ||
    (key === 'id' && typeof value === 'string')
      ? undefined
      : value,
  );
  return JSON.parse(
    text.replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as JsonSchema;
}

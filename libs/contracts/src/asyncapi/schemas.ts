import { z } from 'zod';
import { amount, positiveAmount } from '../amount.js';
import { cloudEventAttributes, eventTime, identifier } from '../cloud-event.js';
import { deadLetterHeaders } from '../dead-letters.js';
import type { TopicContract } from '../event.js';

export type JsonSchema = { [keyword: string]: unknown };

export function schemaRef(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/**
 * The schemas that messages are validated by, as JSON Schema of draft 7, which AsyncAPI's own schemas extend. Each event
 * type has one by its name, for its data. What JSON Schema cannot say (well-formed Unicode, the range of a time) is
 * in their descriptions.
 */
export function componentSchemas(
  contracts: readonly TopicContract<unknown>[],
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  const named: Record<string, z.ZodType> = {
    Identifier: identifier,
    Amount: amount,
    PositiveAmount: positiveAmount,
    EventTime: eventTime,
    CloudEventAttributes: cloudEventAttributes,
    DeadLetterHeaders: deadLetterHeaders,
    ...Object.assign({}, ...contracts.map(({ schemas }) => schemas)),
  };
  for (const [id, schema] of Object.entries(named))
    registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-7',
    // What a publisher writes: fields that are not known are let through.
    io: 'input',
    uri: (id) => schemaRef(id).$ref,
  });
  return Object.fromEntries(
    Object.keys(named).map((id) => [id, withoutPlace(schemas[id]!)]),
  );
}

/** Its place in the document says as much, and tools take `$id` for an address. */
function withoutPlace({
  $schema: _schema,
  $id: _id,
  ...schema
}: JsonSchema): JsonSchema {
  return schema;
}

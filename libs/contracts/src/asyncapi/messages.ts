import { cloudEventAttributes, type CloudEvent } from '../cloud-event.js';
import { writeEvent, type ContentMode } from '../wire.js';
import type { DescribedEvent } from './described-events.js';
import { schemaRef, type JsonSchema } from './schemas.js';

const CONTENT_MODES = ['structured', 'binary'] as const;
const KAFKA_BINDING = '0.5.0';
const ATTRIBUTES = Object.keys(cloudEventAttributes.shape);

/** An event type's messages, one for each mode, by the names that they have in the document. */
export function messagesOf(
  type: string,
  described: DescribedEvent,
  source: string,
): Record<string, object> {
  const event: CloudEvent = {
    specversion: '1.0',
    source,
    id: 'e-1',
    type,
    subject: 'm-42',
    time: '2024-11-11T20:15:03+08:00',
    data: described.example,
  };
  return Object.fromEntries(
    CONTENT_MODES.map((mode) => [
      mode === 'structured' ? type : `${type}.${mode}`,
      message(event, mode, described.summary),
    ]),
  );
}

function message(event: CloudEvent, mode: ContentMode, summary: string) {
  const { headers, value } = writeEvent(event, mode);
  return {
    name: event.type,
    title: `${event.type}, in ${mode} mode`,
    summary,
    contentType: headers['content-type'],
    headers: mode === 'structured' ? STRUCTURED_HEADERS : binaryHeaders(event),
    payload:
      mode === 'structured' ? envelope(event.type) : schemaRef(event.type),
    bindings: keyBinding(schemaRef('Identifier'), 'The merchant id, in UTF-8'),
    examples: [{ headers, payload: JSON.parse(value) as unknown }],
  };
}

const STRUCTURED_HEADERS: JsonSchema = {
  type: 'object',
  properties: {
    'content-type': { type: 'string', pattern: '^application/cloudevents' },
  },
  required: ['content-type'],
};

function binaryHeaders({ type }: CloudEvent): JsonSchema {
  const attributes = ATTRIBUTES.map((name) => [
    `ce_${name}`,
    name === 'type'
      ? { const: type }
      : schemaRef(`CloudEventAttributes/properties/${name}`),
  ]);
  return {
    type: 'object',
    properties: {
      'content-type': { type: 'string', pattern: '^application/json' },
      ...(Object.fromEntries(attributes) as JsonSchema),
    },
    required: ATTRIBUTES.map((name) => `ce_${name}`),
  };
}

function envelope(type: string): JsonSchema {
  return {
    allOf: [schemaRef('CloudEventAttributes')],
    type: 'object',
    properties: { type: { const: type }, data: schemaRef(type) },
    required: ['type', 'data'],
  };
}

/** A message that was refused, whatever it is. */
export function deadLetterMessage(): object {
  return {
    name: 'dead letter',
    title: 'A message that was refused, unchanged',
    summary: 'The headers say why it was refused and where it stood',
    contentType: 'application/octet-stream',
    headers: schemaRef('DeadLetterHeaders'),
    payload: { description: 'The message’s value, byte by byte' },
    bindings: keyBinding(
      { type: 'string' },
      'The message’s own key; none where it had none',
    ),
    examples: [
      {
        headers: {
          'content-type': 'application/cloudevents+json',
          'dlq-reason': 'not_json',
          'dlq-detail': 'Unexpected end of JSON input',
          'dlq-topic': 'merchant.activity.v1',
          'dlq-partition': '17',
          'dlq-offset': '4711',
        },
        payload: '{"specversion":"1.0","source":"urn:platform:or',
      },
    ],
  };
}

function keyBinding(schema: JsonSchema, description: string): object {
  return {
    kafka: {
      key: { description, allOf: [schema] },
      bindingVersion: KAFKA_BINDING,
    },
  };
}

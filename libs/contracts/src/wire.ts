import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import {
  cloudEventAttributes,
  MAX_MESSAGE_BYTES,
  type CloudEvent,
} from './cloud-event.js';
import type { TopicContract } from './event.js';
import { contentHash, eventKey } from './identity.js';

export const STRUCTURED_CONTENT_TYPE = 'application/cloudevents+json';

type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

/** As much of a Kafka message as the wire format uses. */
export interface WireMessage {
  key?: Buffer | string | null;
  value: Buffer | null;
  headers?: Record<string, HeaderValue>;
}

/** Why a message was refused. Stable: dead letters carry it, and metrics count by it. */
export type Refusal =
  | 'empty'
  | 'too_large'
  | 'not_json'
  | 'not_a_cloudevent'
  | 'unknown_type'
  | 'invalid_data';

export type ReadResult<Event> =
  | {
      ok: true;
      event: Event;
      /** See {@link eventKey}. */
      key: Buffer;
      /** See {@link contentHash}. */
      hash: Buffer;
    }
  | { ok: false; refusal: Refusal; detail: string };

/**
 * Reads a CloudEvents 1.0 event off Kafka, in structured mode (one JSON document) or in binary mode
 * (attributes in `ce_` headers, the data in the value), and validates it against the topic's contract.
 * Never throws: what cannot be read comes back as a refusal with its reason.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export function readEvent<Event>(
  contract: TopicContract<Event>,
  message: WireMessage,
): ReadResult<Event> {
  if (!message.value || message.value.length === 0)
    return refuse('empty', 'the message has no value');
  if (message.value.length > MAX_MESSAGE_BYTES)
    return refuse('too_large', `the value is over ${MAX_MESSAGE_BYTES} bytes`);

  let body: unknown;
  try {
    body = JSON.parse(utf8.decode(message.value));
  } catch (error) {
    return refuse('not_json', (error as Error).message);
  }
  const envelope = isBinaryMode(message)
    ? { ...binaryAttributes(message), data: body }
    : body;

  const attributes = cloudEventAttributes.safeParse(envelope);
  if (!attributes.success)
    return refuse('not_a_cloudevent', explain(attributes.error));
  const { source, id, type, subject: merchantId, time } = attributes.data;

  const schema = Object.hasOwn(contract.schemas, type)
    ? contract.schemas[type]
    : undefined;
  if (!schema) return refuse('unknown_type', `type: no event "${type}" here`);
  const raw = (envelope as { data?: unknown }).data;
  const data = schema.safeParse(raw);
  if (!data.success) return refuse('invalid_data', explain(data.error, 'data'));

  const occurredAtMs = Date.parse(time);
  let hash: Buffer;
  try {
    hash = contentHash({ type, merchantId, occurredAtMs, data: raw });
  } catch (error) {
    // JSON that JavaScript reads and RFC 8785 does not cover: 1e400, or nesting deeper than the stack.
    return refuse('invalid_data', `data: ${(error as Error).message}`);
  }
  return {
    ok: true,
    event: {
      source,
      id,
      type,
      merchantId,
      occurredAtMs,
      data: data.data,
    } as Event,
    key: eventKey(source, id),
    hash,
  };
}

/** Puts an event on the wire in structured mode, with the merchant as key. */
export function writeEvent(event: CloudEvent): {
  key: string;
  value: string;
  headers: Record<string, string>;
} {
  return {
    key: event.subject,
    value: JSON.stringify(event),
    headers: { 'content-type': STRUCTURED_CONTENT_TYPE },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function refuse(refusal: Refusal, detail: string): ReadResult<never> {
  return { ok: false, refusal, detail };
}

/** A header's text; none where its bytes are no UTF-8, so that no two identifiers are read as one. */
function headerText(value: HeaderValue): string | undefined {
  const single = Array.isArray(value) ? value[0] : value;
  return Buffer.isBuffer(single) && !isUtf8(single)
    ? undefined
    : single?.toString();
}

function isBinaryMode(message: WireMessage): boolean {
  const headers = message.headers ?? {};
  const contentType = headerText(headers['content-type']) ?? '';
  return (
    !contentType.startsWith('application/cloudevents') &&
    headers['ce_specversion'] !== undefined
  );
}

function binaryAttributes(message: WireMessage): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (name.startsWith('ce_'))
      attributes[name.slice('ce_'.length)] = headerText(value);
  }
  return attributes;
}

function explain(error: z.ZodError, prefix?: string): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => {
      const path = [...(prefix ? [prefix] : []), ...issue.path].join('.');
      return `${path || 'message'}: ${issue.message}`;
    })
    .join('; ');
}

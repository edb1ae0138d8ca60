import { isUtf8 } from 'node:buffer';
import { MAX_MESSAGE_BYTES, type CloudEvent } from './cloud-event.js';
import type { EventHead, TopicContract } from './event.js';
import { contentHash, eventKey } from './identity.js';
import { dataOf, refuse, validateEvent, type Refused } from './validate.js';

export const STRUCTURED_CONTENT_TYPE = 'application/cloudevents+json';
export const BINARY_CONTENT_TYPE = 'application/json';

/** How CloudEvents go over Kafka: in one JSON document, or with their attributes in headers. */
export type ContentMode = 'structured' | 'binary';

type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

/** As much of a Kafka message as the wire format uses. */
export interface WireMessage {
  key?: Buffer | string | null;
  value: Buffer | null;
  headers?: Record<string, HeaderValue>;
}

export type ReadResult<Event> =
  | {
      ok: true;
      event: Event;
      /** See {@link eventKey}. */
      key: Buffer;
      /** See {@link contentHash}. */
      hash: Buffer;
    }
  | Refused;

/** An event that is valid, and its data as it came, with the fields that no schema knows. */
export interface DecodedEvent<Event> {
  ok: true;
  event: Event;
  data: unknown;
}

/** {@link decodeEvent} and {@link identifyEvent}. */
export function readEvent<Event>(
  contract: TopicContract<Event>,
  message: WireMessage,
): ReadResult<Event> {
  const decoded = decodeEvent(contract, message);
  return decoded.ok ? identifyEvent(decoded) : decoded;
}

/**
 * Reads a CloudEvents 1.0 event off Kafka, in structured mode (one JSON document) or in binary mode
 * (attributes in `ce_` headers, the data in the value), and validates it against the topic's contract.
 * Never throws: what cannot be read comes back as a refusal with its reason.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export function decodeEvent<Event>(
  contract: TopicContract<Event>,
  message: WireMessage,
): DecodedEvent<Event> | Refused {
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

  const valid = validateEvent(contract, envelope);
  return valid.ok ? { ...valid, data: dataOf(envelope) } : valid;
}

/** Finds what tells an event from others, and what it says from other content. */
export function identifyEvent<Event>({
  event,
  data,
}: DecodedEvent<Event>): ReadResult<Event> {
  const { source, id, type, merchantId, occurredAtMs } = event as EventHead;
  try {
    const hash = contentHash({ type, merchantId, occurredAtMs, data });
    return { ok: true, event, key: eventKey(source, id), hash };
  } catch (error) {
    // JSON that JavaScript reads and RFC 8785 does not cover: 1e400, or nesting deeper than the stack.
    return refuse('invalid_data', `data: ${(error as Error).message}`);
  }
}

/** What {@link writeEvent} gives: a message as kafkajs takes it. */
export interface WrittenMessage {
  /** The merchant id. */
  key: string;
  value: string;
  headers: Record<string, string>;
}

/** Puts an event on the wire, with the merchant as key. */
export function writeEvent(
  event: CloudEvent,
  mode: ContentMode = 'structured',
): WrittenMessage {
  if (mode === 'structured')
    return {
      key: event.subject,
      value: JSON.stringify(event),
      headers: { 'content-type': STRUCTURED_CONTENT_TYPE },
    };
  const { data, ...attributes } = event;
  return {
    key: event.subject,
    value: JSON.stringify(data ?? null),
    headers: {
      'content-type': BINARY_CONTENT_TYPE,
      ...Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          `ce_${name}`,
          value,
        ]),
      ),
    },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

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

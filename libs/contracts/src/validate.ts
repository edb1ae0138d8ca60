import type { z } from 'zod';
import { cloudEventAttributes } from './cloud-event.js';
import type { TopicContract } from './event.js';

/** Why a message was refused. Stable: dead letters carry it, and metrics count by it. */
export const REFUSALS = [
  'empty',
  'too_large',
  'not_json',
  'not_a_cloudevent',
  'unknown_type',
  'invalid_data',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface Refused {
  ok: false;
  refusal: Refusal;
  /** In words; names the field. */
  detail: string;
}

export function refuse(refusal: Refusal, detail: string): Refused {
  return { ok: false, refusal, detail };
}

/**
 * Validates a CloudEvent, as it stands in JSON, against the topic's contract.
 * Never throws: what is not valid comes back as a refusal.
 */
export function validateEvent<Event>(
  contract: TopicContract<Event>,
  envelope: unknown,
): { ok: true; event: Event } | Refused {
  const attributes = cloudEventAttributes.safeParse(envelope);
  if (!attributes.success)
    return refuse('not_a_cloudevent', explain(attributes.error));
  const { source, id, type, subject: merchantId, time } = attributes.data;

  const schema = Object.hasOwn(contract.schemas, type)
    ? contract.schemas[type]
    : undefined;
  if (!schema) return refuse('unknown_type', `type: no event "${type}" here`);
  const data = schema.safeParse(dataOf(envelope));
  if (!data.success) return refuse('invalid_data', explain(data.error, 'data'));

  const occurredAtMs = Date.parse(time);
  const event = { source, id, type, merchantId, occurredAtMs, data: data.data };
  return { ok: true, event: event as Event };
}

/** An envelope's data as it came, with the fields that no schema knows. */
export function dataOf(envelope: unknown): unknown {
  return (envelope as { data?: unknown }).data;
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

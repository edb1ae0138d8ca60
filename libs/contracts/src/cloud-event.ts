import { z } from 'zod';

/**
 * The CloudEvents 1.0 envelope, as every topic here carries it.
 * `subject` is the merchant id; `time` says when it happened and carries its offset.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export interface CloudEvent<Type extends string = string, Data = unknown> {
  specversion: '1.0';
  source: string;
  id: string;
  type: Type;
  subject: string;
  /** RFC 3339, with an offset. */
  time: string;
  data: Data;
}

/** Identifiers are kept in keys of tables and messages: their length has a bound. */
export const MAX_IDENTIFIER_LENGTH = 256;
/** A message over this size is refused unread. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

const EARLIEST = Date.parse('2000-01-01T00:00:00Z');
const LATEST = Date.parse('2100-01-01T00:00:00Z');

/** A non-empty identifier without control characters, which no log, key or account name could carry. */
export const identifier = z
  .string()
  .min(1)
  .max(MAX_IDENTIFIER_LENGTH)
  // oxlint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not hold control characters')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .describe('Well-formed Unicode without control characters');

/** RFC 3339 with an offset, between the years 2000 and 2100. */
export const eventTime = z.iso
  .datetime({ offset: true })
  .refine((text) => {
    const ms = Date.parse(text);
    return ms >= EARLIEST && ms < LATEST;
  }, 'must lie between 2000-01-01 and 2100-01-01')
  .describe('When it happened, with an offset; from 2000 to 2099');

export const cloudEventAttributes = z.object({
  specversion: z.literal('1.0'),
  source: identifier.describe('Who says it'),
  id: identifier.describe(
    'With `source` it identifies the event: the same pair again is the same event',
  ),
  type: z.string().min(1).max(MAX_IDENTIFIER_LENGTH),
  subject: identifier.describe('The merchant id, which is the message’s key'),
  time: eventTime,
});

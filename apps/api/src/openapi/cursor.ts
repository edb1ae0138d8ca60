import { z } from 'zod';
import { MAX_AMOUNT } from '@app/ledger';

const LENGTH_MAX = 512;

/**
 * A field of a query that takes the `next` of an earlier answer: a place in a list, such that what comes after it is
 * the same whatever is added meanwhile. It is not secret, and nothing is gained by making one up.
 */
export function cursorField<Place extends z.ZodType>(place: Place) {
  return z
    .string()
    .max(LENGTH_MAX)
    .transform((text, context): z.output<Place> => {
      const read = place.safeParse(decode(text));
      if (read.success) return read.data;
      context.addIssue('expected the `next` of an earlier answer');
      return z.NEVER;
    })
    .meta({
      openapi: {
        description: 'The `next` of an earlier answer; the first page without.',
        type: 'string',
        maxLength: LENGTH_MAX,
      },
    });
}

/** Milliseconds since the epoch, of a time that JavaScript and PostgreSQL have. */
export const timeInCursor = z.int().min(0).max(8.64e15);

/** A sequence of a journal, an int8; 0 where it is ahead of the first. */
export const sequenceInCursor = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt)
  .pipe(z.bigint().max(MAX_AMOUNT));

/** What the ledger calls a lot or a proposal. */
export const idInCursor = z.string().regex(/^[\w-]+$/);

export function encodeCursor(place: unknown): string {
  const text = JSON.stringify(place, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return Buffer.from(text).toString('base64url');
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

import { z } from 'zod';
import { JOURNALS, type Journal } from '@app/ledger';

/** The place of an entry in its merchant's list: what comes after it is the same whatever is added. */
export interface EntryCursor {
  recordedAt: Date;
  journal: Journal;
  sequence: bigint;
}

const CURSOR_LENGTH_MAX = 128;

const place = z.tuple([
  z.int(),
  z.enum(JOURNALS),
  z.string().regex(/^[1-9]\d{0,18}$/),
]);

export function encodeCursor(cursor: EntryCursor): string {
  const { recordedAt, journal, sequence } = cursor;
  return Buffer.from(
    JSON.stringify([recordedAt.getTime(), journal, sequence.toString()]),
  ).toString('base64url');
}

/** A cursor as {@link encodeCursor} makes it. */
export const entryCursor = z
  .string()
  .max(CURSOR_LENGTH_MAX)
  .transform((text, context): EntryCursor => {
    const decoded = decode(text);
    if (decoded) return decoded;
    context.addIssue('expected the `next` of an earlier answer');
    return z.NEVER;
  });

function decode(text: string): EntryCursor | null {
  try {
    const [recordedAtMs, journal, sequence] = place.parse(
      JSON.parse(Buffer.from(text, 'base64url').toString()),
    );
    const recordedAt = new Date(recordedAtMs);
    return Number.isNaN(recordedAt.getTime())
      ? null
      : { recordedAt, journal, sequence: BigInt(sequence) };
  } catch {
    return null;
  }
}

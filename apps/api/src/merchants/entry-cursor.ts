import { z } from 'zod';
import { JOURNALS, type Journal } from '@app/ledger';
import {
  cursorField,
  encodeCursor,
  sequenceInCursor,
  timeInCursor,
} from '../openapi/cursor.js';

/** The place of an entry in its merchant's list: what comes after it is the same whatever is added. */
export interface EntryCursor {
  recordedAt: Date;
  journal: Journal;
  sequence: bigint;
}

const place = z
  .tuple([timeInCursor, z.enum(JOURNALS), sequenceInCursor])
  .transform(([recordedAtMs, journal, sequence]): EntryCursor => ({
    recordedAt: new Date(recordedAtMs),
    journal,
    sequence,
  }));

export function encodeEntryCursor({
  recordedAt,
  journal,
  sequence,
}: EntryCursor): string {
  return encodeCursor([recordedAt.getTime(), journal, sequence]);
}

/** A cursor as {@link encodeEntryCursor} makes it. */
export const entryCursor = cursorField(place);

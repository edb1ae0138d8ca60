import { z } from 'zod';
import { explainedEntry, JOURNALS } from '@app/ledger';
import type { EntryPlace, ToldEntry } from '@app/ledger/postgres';
import { encodeCursor, sequenceInCursor } from '../openapi/cursor.js';
import { next, toldEntry } from '../openapi/fields.js';

/** The address of an entry, in a cursor. */
export const entryPlaceInCursor = z.strictObject({
  shard: z.int().min(0).max(32_767),
  journal: z.enum(JOURNALS),
  sequence: sequenceInCursor,
});

export const entryPage = z
  .strictObject({ entries: z.array(toldEntry), next })
  .meta({ id: 'EntryPage' });
export type EntryPage = z.output<typeof entryPage>;

/** As many entries as are asked for, and one more where there are more: of pages of any size. */
export async function takeEntries(
  pages: AsyncIterable<ToldEntry[]>,
  limit: number,
): Promise<ToldEntry[]> {
  const taken: ToldEntry[] = [];
  for await (const page of pages) {
    taken.push(...page);
    if (taken.length > limit) break;
  }
  return taken.slice(0, limit + 1);
}

/**
 * @param found one more than asked for tells whether there is a next page
 * @param placeOf what its cursor says of the last one
 */
export function toPage(
  found: readonly ToldEntry[],
  limit: number,
  placeOf: (entry: ToldEntry) => object = placeOfEntry,
): EntryPage {
  const entries = found.slice(0, limit);
  return {
    entries: entries.map(explainedEntry),
    next: found.length > limit ? encodeCursor(placeOf(entries.at(-1)!)) : null,
  };
}

export function placeOfEntry({
  shard,
  journal,
  sequence,
}: EntryPlace): EntryPlace {
  return { shard, journal, sequence };
}

import type { EntryKind, Journal } from '../../entry.js';
import type { Queryable } from '../queryable.js';
import { spansOf, type SpanQuery } from './spans.js';
import {
  readToldEntries,
  type EntryPlace,
  type ToldEntry,
} from './told-entries.js';

/** Which entries are asked for: those that are all that is given. */
export interface EntryFilter {
  merchantId?: string | undefined;
  /** That the cause names. */
  program?: string | undefined;
  programVersion?: number | undefined;
  kind?: EntryKind | undefined;
  /** That the cause is of, e.g. `goal_reached`. */
  causeType?: string | undefined;
}

export interface EntriesQuery extends SpanQuery {
  limit: number;
}

export interface MatchingEntries {
  entries: ToldEntry[];
  /** The last one that was looked at, where there are more to look at; a page may be short of entries, or empty. */
  next: EntryPlace | null;
}

/** Sequences looked through for one statement where few of them match, and for one page. */
const WINDOW = 20_000n;
const LOOKED_THROUGH_MAX = 400_000n;

/**
 * Entries that match, by shard, journal and sequence. Whatever is asked for, a page costs no more than looking through
 * so many entries.
 */
export async function entriesMatching(
  db: Queryable,
  filter: EntryFilter,
  { limit, ...span }: EntriesQuery,
): Promise<MatchingEntries> {
  const places: EntryPlace[] = [];
  let left = LOOKED_THROUGH_MAX;
  for (const { shard, journal, first, last } of spansOf(span)) {
    let looked = first;
    while (looked < last) {
      if (left <= 0n || places.length >= limit)
        return page(db, places, { shard, journal, sequence: looked });
      const end = looked + WINDOW < last ? looked + WINDOW : last;
      const most = limit - places.length;
      const found = await readPlaces(
        db,
        { shard, journal },
        filter,
        [looked, end],
        most,
      );
      places.push(...found);
      const upTo = found.length < most ? end : found.at(-1)!.sequence;
      left -= upTo - looked;
      looked = upTo;
    }
  }
  return page(db, places, null);
}

async function page(
  db: Queryable,
  places: readonly EntryPlace[],
  next: EntryPlace | null,
): Promise<MatchingEntries> {
  return { entries: await readToldEntries(db, places), next };
}

async function readPlaces(
  db: Queryable,
  { shard, journal }: { shard: number; journal: Journal },
  { merchantId, program, programVersion, kind, causeType }: EntryFilter,
  [first, last]: [bigint, bigint],
  limit: number,
): Promise<EntryPlace[]> {
  const values: unknown[] = [shard, journal, first, last, limit];
  const conditions = (
    [
      ['merchant_id', merchantId],
      ['program', program],
      ['program_version', programVersion],
      ['kind', kind],
      [`cause ->> 'type'`, causeType],
    ] as const
  )
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => `AND ${column} = $${values.push(value)}`);
  const { rows } = await db.query<EntryPlace>(
    `SELECT shard, journal, sequence FROM audit.entry
     WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= $4 ${conditions.join(' ')}
     ORDER BY sequence LIMIT $5`,
    values,
  );
  return rows;
}

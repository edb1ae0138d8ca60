import { eventKey } from '@app/contracts';
import type { Queryable } from '../queryable.js';
import {
  readToldEntries,
  type EntryPlace,
  type ToldEntry,
} from './told-entries.js';

/** Entries read at a time. */
const PAGE = 500;

/**
 * Every entry whose cause names an event, page by page, by shard, journal and sequence. An event says which merchant
 * it is of, and not its source and id: they are looked up in each shard.
 *
 * @param options.after the last one that was told already
 */
export async function* effectsOfEvent(
  db: Queryable,
  { source, id }: { source: string; id: string },
  shards: readonly number[],
  { after = null }: { after?: EntryPlace | null } = {},
): AsyncGenerator<ToldEntry[]> {
  const key = eventKey(source, id);
  let last = after;
  do {
    const places: EntryPlace[] = await readPlaces(db, key, shards, last);
    last = places.length < PAGE ? null : places.at(-1)!;
    const entries = await readToldEntries(db, places);
    if (entries.length > 0) yield entries;
  } while (last);
}

async function readPlaces(
  db: Queryable,
  key: Buffer,
  shards: readonly number[],
  after: EntryPlace | null,
): Promise<EntryPlace[]> {
  const { rows } = await db.query<EntryPlace>({
    name: 'effects-of-event',
    text: EFFECTS_OF_EVENT,
    values: [
      shards,
      key,
      after?.shard ?? -1,
      after?.journal ?? '',
      after?.sequence ?? 0n,
    ],
  });
  return rows;
}

/** One look into the primary key for each shard. */
export const EFFECTS_OF_EVENT = `
  SELECT shard, journal, sequence
  FROM unnest($1::smallint[]) AS shards (shard_number), LATERAL (
    SELECT shard, journal, sequence FROM audit.entry_event AS named
    WHERE named.shard = shard_number AND named.event_key = $2 OFFSET 0) AS caused
  WHERE (shard, journal, sequence) > ($3::smallint, $4::text, $5::bigint)
  ORDER BY shard, journal, sequence LIMIT ${PAGE}`;

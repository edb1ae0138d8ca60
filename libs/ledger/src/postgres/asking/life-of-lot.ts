import type { Unit } from '@app/contracts';
import type { Queryable } from '../queryable.js';
import {
  readToldEntries,
  type EntryPlace,
  type ToldEntry,
} from './told-entries.js';

/** Entries read at a time. */
const PAGE = 500;
const LOT_ID = /^grants-(\d{1,5})-([1-9]\d{0,17})$/;

/** A grant, as it was made. */
export interface GrantedLot {
  lotId: string;
  shard: number;
  merchantId: string;
  program: string;
  unit: Unit;
  granted: bigint;
  expiresAt: Date;
}

/** The lot with this id; null where there is none. */
export async function readLot(
  db: Queryable,
  lotId: string,
): Promise<GrantedLot | null> {
  const shard = shardOfLot(lotId);
  if (shard === null) return null;
  const { rows } = await db.query<{
    merchant_id: string;
    program: string;
    unit: Unit;
    granted: bigint;
    expires_at: Date;
  }>({
    name: 'read-lot',
    text: `
      SELECT merchant_id, program, unit, granted, expires_at FROM audit.lot
      WHERE shard = $1::integer AND lot_id = $2`,
    values: [shard, lotId],
  });
  const [row] = rows;
  if (!row) return null;
  const { merchant_id: merchantId, program, unit, granted } = row;
  return {
    lotId,
    shard,
    merchantId,
    program,
    unit,
    granted,
    expiresAt: row.expires_at,
  };
}

/**
 * The whole life of a lot, page by page: every entry that moved something of it, in order of recording, with its
 * postings of this lot.
 *
 * @param options.after the last one that was told already
 */
export async function* lifeOfLot(
  db: Queryable,
  { shard, lotId }: Pick<GrantedLot, 'shard' | 'lotId'>,
  { after = null }: { after?: LotPlace | null } = {},
): AsyncGenerator<ToldEntry[]> {
  let last = after;
  do {
    const places = await readPlaces(db, shard, lotId, last);
    last = places.length < PAGE ? null : places.at(-1)!;
    const entries = await readToldEntries(db, places);
    if (entries.length > 0)
      yield entries.map((entry) => ({
        ...entry,
        postings: entry.postings.filter((posting) => posting.lotId === lotId),
      }));
  } while (last);
}

/** Where an entry stands in the life of a lot. */
export interface LotPlace extends EntryPlace {
  recordedAt: Date;
}

async function readPlaces(
  db: Queryable,
  shard: number,
  lotId: string,
  after: LotPlace | null,
): Promise<LotPlace[]> {
  const { rows } = await db.query<EntryPlace & { recorded_at: Date }>({
    name: 'life-of-lot',
    text: LIFE_OF_LOT,
    values: [
      shard,
      lotId,
      after?.recordedAt ?? new Date(0),
      after?.journal ?? '',
      after?.sequence ?? 0n,
    ],
  });
  return rows.map(({ recorded_at: recordedAt, ...place }) => ({
    ...place,
    recordedAt,
  }));
}

/** All postings of a lot are next to each other in an index; of them, those behind a place. */
export const LIFE_OF_LOT = `
  SELECT $1::smallint AS shard, journal, sequence, entry.recorded_at
  FROM (
    SELECT DISTINCT journal, sequence FROM audit.posting AS posting
    WHERE posting.shard = $1 AND posting.lot_id = $2 OFFSET 0) AS moved, LATERAL (
    SELECT recorded_at FROM audit.entry AS told
    WHERE told.shard = $1 AND told.journal = moved.journal AND told.sequence = moved.sequence OFFSET 0) AS entry
  WHERE (entry.recorded_at, journal, sequence) > ($3::timestamptz, $4::text, $5::bigint)
  ORDER BY entry.recorded_at, journal, sequence LIMIT ${PAGE}`;

/** A lot has the id of the entry that granted it. */
function shardOfLot(lotId: string): number | null {
  const [, shard] = LOT_ID.exec(lotId) ?? [];
  return shard === undefined ? null : Number(shard);
}

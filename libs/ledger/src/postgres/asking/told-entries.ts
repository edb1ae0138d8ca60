import type { Unit } from '@app/contracts';
import type { Cause } from '../../cause.js';
import { entryId, type EntryKind, type Journal } from '../../entry.js';
import type { Queryable } from '../queryable.js';

/** The address of an entry. */
export interface EntryPlace {
  shard: number;
  journal: Journal;
  sequence: bigint;
}

/** An entry with its postings, as an auditor is told of it. */
export interface ToldEntry extends EntryPlace {
  entryId: string;
  kind: EntryKind;
  merchantId: string | null;
  occurredAt: Date;
  recordedAt: Date;
  program: string | null;
  programVersion: number | null;
  postings: ToldPosting[];
  cause: Cause;
}

export interface ToldPosting {
  line: number;
  /** In full. */
  account: string;
  unit: Unit;
  amount: bigint;
  lotId: string | null;
}

/** The entries at these places, in the order of the places; each is looked up by its key. */
export async function readToldEntries(
  db: Queryable,
  places: readonly EntryPlace[],
): Promise<ToldEntry[]> {
  if (places.length === 0) return [];
  const { rows } = await db.query<ToldEntryRow>({
    name: 'told-entries',
    text: toldEntriesAt(`
      unnest($1::smallint[], $2::text[], $3::bigint[]) WITH ORDINALITY AS place (shard, journal, sequence, number)`),
    values: [
      places.map(({ shard }) => shard),
      places.map(({ journal }) => journal),
      places.map(({ sequence }) => sequence),
    ],
  });
  return toToldEntries(rows);
}

/** @param places an item of a FROM clause, `place`, with the columns shard, journal, sequence and number: their order */
export function toldEntriesAt(places: string): string {
  return `
    SELECT entry.*, line, account, unit, amount, lot_id
    FROM ${places}, LATERAL (
        SELECT shard, journal, sequence, kind, merchant_id, occurred_at, recorded_at, program, program_version,
          cause::text AS cause
        FROM audit.entry AS told
        WHERE told.shard = place.shard AND told.journal = place.journal AND told.sequence = place.sequence
        OFFSET 0) AS entry
      LEFT JOIN LATERAL (
        SELECT line, account, unit, amount, lot_id FROM audit.posting AS told
        WHERE told.shard = place.shard AND told.journal = place.journal AND told.sequence = place.sequence
        OFFSET 0) AS posting ON true
    ORDER BY number, line`;
}

/** @param rows of {@link toldEntriesAt} */
export function toToldEntries(rows: readonly ToldEntryRow[]): ToldEntry[] {
  const entries: ToldEntry[] = [];
  for (const row of rows) {
    const id = entryId(row.journal, row.shard, row.sequence);
    if (entries.at(-1)?.entryId !== id) entries.push(toEntry(id, row));
    if (row.line !== null) entries.at(-1)!.postings.push(toPosting(row));
  }
  return entries;
}

interface EntryRow extends EntryPlace {
  kind: EntryKind;
  merchant_id: string | null;
  occurred_at: Date;
  recorded_at: Date;
  program: string | null;
  program_version: number | null;
  cause: string;
}

interface LineRow extends EntryRow {
  line: number;
  account: string;
  unit: Unit;
  amount: bigint;
  lot_id: string | null;
}

export type ToldEntryRow = LineRow | (EntryRow & { line: null });

function toEntry(id: string, row: ToldEntryRow): ToldEntry {
  return {
    entryId: id,
    shard: row.shard,
    journal: row.journal,
    sequence: row.sequence,
    kind: row.kind,
    merchantId: row.merchant_id,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    program: row.program,
    programVersion: row.program_version,
    postings: [],
    cause: JSON.parse(row.cause) as Cause,
  };
}

function toPosting(row: LineRow): ToldPosting {
  const { line, account, unit, amount, lot_id: lotId } = row;
  return { line, account, unit, amount, lotId };
}

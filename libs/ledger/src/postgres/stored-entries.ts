import type { Unit } from '@app/contracts';
import type {
  EntryKind,
  Journal,
  StoredEntry,
  StoredPosting,
} from '../entry.js';
import { queryBinary } from './binary-query.js';
import { RowSpace } from './row-space.js';
import { BinaryRows } from './binary-rows.js';
import type { PoolClient } from './pool.js';

/** Read at a time, and as many ahead while these are worked on. */
export const PAGE_ENTRIES = 2_000;
const MAX_SEQUENCE = 2n ** 63n - 1n;

/** A shard of a journal. */
export interface JournalPlace {
  journal: Journal;
  shard: number;
}

/** Which entries of a journal to read. */
export interface SequenceRange {
  /** The sequence ahead of the first one; by default from the beginning. */
  after?: bigint;
  /** The last one; by default to the end. */
  upTo?: bigint;
}

/** Rows of a journal, one behind the other, as `BinaryRows` reads them. */
export interface StoredRows {
  /** Entries by sequence, with fields as {@link READ_ENTRIES} has them. */
  bytes: Buffer;
  /** Where in the bytes their postings begin, by sequence and line, with fields as {@link READ_POSTINGS} has them. */
  postingsAt: number;
  /** What the rows are of: up to the last entry, or behind the last page whatever there is. */
  range: Required<SequenceRange>;
}

export interface StoredPage {
  entries: StoredEntry[];
}

const ENTRY_FIELDS =
  'sequence, occurred_at, recorded_at, hash, kind, merchant_id, cause';
const POSTING_FIELDS = 'sequence, line, amount, balance, account, unit, lot_id';

/** Of ranges of any journals, numbered from 1 in their order; the number stands last, where nobody looks who does not ask for it. */
const inRanges = (fields: string, table: string, order: string) => `
  SELECT stored.*, number
  FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::bigint[])
    WITH ORDINALITY AS range (shard, journal, after, up_to, number), LATERAL (
    SELECT ${fields} FROM ${table}
    WHERE shard = range.shard AND journal = range.journal AND sequence > after AND sequence <= up_to
    OFFSET 0) AS stored
  ORDER BY number, ${order}`;

const READ_ENTRIES_IN_RANGES = {
  name: 'stored-entries-in-ranges',
  text: inRanges(ENTRY_FIELDS, 'entry', 'sequence'),
};

const READ_POSTINGS_IN_RANGES = {
  name: 'stored-postings-in-ranges',
  text: inRanges(POSTING_FIELDS, 'posting', 'sequence, line'),
};

const READ_ENTRIES = {
  name: 'stored-entries',
  text: `
  SELECT ${ENTRY_FIELDS} FROM entry
  WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= $4
  ORDER BY sequence LIMIT ${PAGE_ENTRIES}`,
};

const READ_POSTINGS = {
  name: 'stored-postings',
  text: `
  SELECT ${POSTING_FIELDS} FROM posting
  WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= $4
  ORDER BY sequence, line`,
};

/** What is worked on, and what is read meanwhile. */
export type PageSpaces = [RowSpace, RowSpace];

/** A journal as it is stored, page by page, whatever is missing in it. */
export async function* readStoredPages(
  client: PoolClient,
  journal: Journal,
  shard: number,
  range: SequenceRange = {},
): AsyncGenerator<StoredPage> {
  for await (const rows of readStoredRows(client, { journal, shard }, range))
    yield { entries: toEntries({ journal, shard }, rows) };
}

/**
 * The same as rows.
 *
 * @param more what else to read of each page, while the page ahead is worked on
 * @param spaces to read into, by turns
 * @returns pages whose bytes are others when the next one is asked for
 */
export async function* readStoredRows<More extends object>(
  client: PoolClient,
  place: JournalPlace,
  { after = 0n, upTo = MAX_SEQUENCE }: SequenceRange = {},
  more?: (range: Required<SequenceRange>) => Promise<More>,
  spaces: PageSpaces = [new RowSpace(), new RowSpace()],
): AsyncGenerator<StoredRows & More> {
  const read = async (
    ahead: bigint,
    space: RowSpace,
  ): Promise<StoredRows & More> => {
    const range = { after: ahead, upTo };
    const rows = await readPage(client, place, range, space);
    return { ...rows, ...(await more?.(rows.range))! };
  };
  let [free, taken] = spaces;
  let next: Promise<StoredRows & More> | null = read(after, free);
  while (next) {
    const page: StoredRows & More = await next;
    [free, taken] = [taken, free];
    next = page.range.upTo === upTo ? null : read(page.range.upTo, free);
    // Whoever takes the page may fail before the next one is asked for.
    next?.catch(() => undefined);
    yield page;
  }
}

/** A range of a journal of a shard. */
export interface StoredRange extends JournalPlace, Required<SequenceRange> {}

/**
 * Several ranges at once, whatever is missing in them: for many small ones, which would take a query each.
 *
 * @param ranges of no more than {@link PAGE_ENTRIES} entries together
 * @returns the rows of each, in the order of the ranges
 */
export async function readStoredRanges(
  client: PoolClient,
  ranges: readonly StoredRange[],
): Promise<StoredRows[]> {
  const values = [
    ranges.map(({ shard }) => shard),
    ranges.map(({ journal }) => journal),
    ranges.map(({ after }) => after),
    ranges.map(({ upTo }) => upTo),
  ];
  const read = async (query: { name: string; text: string }) => {
    const space = new RowSpace();
    await queryBinary(client, { ...query, values }, (rows) => space.add(rows));
    return byRange(space.bytes, ranges.length);
  };
  const entries = await read(READ_ENTRIES_IN_RANGES);
  const postings = await read(READ_POSTINGS_IN_RANGES);
  return ranges.map(({ after, upTo }, i) => ({
    bytes: Buffer.concat([entries[i]!, postings[i]!]),
    postingsAt: entries[i]!.length,
    range: { after, upTo },
  }));
}

/** Parts rows by the number of the range that each ends with. */
function byRange(bytes: Buffer, count: number): Buffer[] {
  const ends = Array.from({ length: count }, () => 0);
  const rows = new BinaryRows(bytes);
  while (rows.next()) ends[rows.lastInt8() - 1] = rows.end;
  let start = 0;
  return ends.map((end) => {
    const own = bytes.subarray(start, Math.max(start, end));
    start += own.length;
    return own;
  });
}

async function readPage(
  client: PoolClient,
  place: JournalPlace,
  range: Required<SequenceRange>,
  space: RowSpace,
): Promise<StoredRows> {
  space.clear();
  await readRange(client, READ_ENTRIES, place, range, (rows) =>
    space.add(rows),
  );
  const postingsAt = space.bytes.length;
  const last = lastOfFullPage(space.bytes);
  const read = { after: range.after, upTo: last ?? range.upTo };
  await readRange(client, READ_POSTINGS, place, read, (rows) =>
    space.add(rows),
  );
  return { bytes: space.bytes, postingsAt, range: read };
}

/** @param query its text takes shard, journal, the sequence ahead and the last one */
export function readRange(
  client: PoolClient,
  query: { name: string; text: string },
  { shard, journal }: JournalPlace,
  { after, upTo }: Required<SequenceRange>,
  onRows: (rows: Buffer) => void,
): Promise<void> {
  const values = [shard, journal, after, upTo];
  return queryBinary(client, { ...query, values }, onRows);
}

/** @returns null where the page is not full: there are no more */
function lastOfFullPage(entries: Buffer): bigint | null {
  const rows = new BinaryRows(entries);
  for (let count = 1; rows.next(); count += 1)
    if (count === PAGE_ENTRIES) return rows.int8();
  return null;
}

function toEntries(place: JournalPlace, page: StoredRows): StoredEntry[] {
  const entries: StoredEntry[] = [];
  const lines = new BinaryRows(page.bytes, page.postingsAt);
  let ahead = lines.next() ? lines.int8() : null;
  const rows = new BinaryRows(page.bytes, 0, page.postingsAt);
  while (rows.next()) {
    const sequence = rows.int8();
    const postings: StoredPosting[] = [];
    for (; ahead !== null && ahead <= sequence;) {
      // There is no entry to those ahead.
      if (ahead === sequence) postings.push(toPosting(lines));
      ahead = lines.next() ? lines.int8() : null;
    }
    entries.push({ ...place, sequence, ...toEntry(rows), postings });
  }
  return entries;
}

function toEntry(
  rows: BinaryRows,
): Omit<StoredEntry, 'postings' | 'sequence' | keyof JournalPlace> {
  return {
    occurredAtMs: rows.timestamptz(),
    recordedAtMs: rows.timestamptz(),
    // The page is soon another one.
    hash: Buffer.from(rows.bytea()),
    kind: rows.text() as EntryKind,
    merchantId: rows.textOrNull(),
    causeText: rows.text(),
  };
}

function toPosting(rows: BinaryRows): StoredPosting {
  return {
    line: rows.int2(),
    amount: rows.int8(),
    balance: rows.int8(),
    account: rows.text(),
    unit: rows.text() as Unit,
    lotId: rows.textOrNull(),
  };
}

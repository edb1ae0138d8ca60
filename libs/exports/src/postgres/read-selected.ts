import { inTransaction, type Pool } from '@app/ledger/postgres';
import type { ExportedEntry, ExportedPosting } from '../exported-entry.js';
import type { OpeningBalance } from '../hledger.js';
import type { Selection } from '../selection.js';

/** Entries read at a time at most. */
export const PAGE_ENTRIES = 2_000;
/** Sequences looked through at a time at most, where few of them are selected. */
const PAGE_SEQUENCES = 50_000n;

/** One journal of one shard, and what of it an export looks at. */
export interface JournalCut {
  journal: string;
  shard: number;
  /** No entry up to this one is selected. */
  after: bigint;
  /** No entry beyond this one is exported, whatever is written meanwhile. */
  upTo: bigint;
  /** The last entry when the cut was made: what an auditor may compare later. */
  head: { sequence: bigint; hash: string };
}

/**
 * Cuts every journal at its head, in one snapshot, and down to the selected period as far as its batches tell. The
 * batches are in the order of the sequences: entries ahead of the first batch of the period, or behind the last one,
 * are not of the period.
 */
export async function cutJournals(
  pool: Pool,
  selection: Selection,
): Promise<JournalCut[]> {
  const byRecording = selection.by === 'recorded';
  const { rows } = await pool.query<{
    journal: string;
    shard: number;
    sequence: bigint;
    hash: string;
    after: bigint | null;
    up_to: bigint | null;
  }>(
    `SELECT head.journal, head.shard, head.sequence, head.hash,
       CASE WHEN $1::timestamptz IS NULL THEN 0 ELSE (
         SELECT max(batch.sequence) FROM audit.batch AS batch
         WHERE batch.shard = head.shard AND batch.journal = head.journal AND batch.revision < coalesce((
           SELECT min(first.revision) FROM audit.batch AS first
           WHERE first.shard = head.shard AND first.journal = head.journal AND first.recorded_at >= $1),
           9223372036854775807)) END AS after,
       CASE WHEN $2::timestamptz IS NULL THEN head.sequence ELSE (
         SELECT max(batch.sequence) FROM audit.batch AS batch
         WHERE batch.shard = head.shard AND batch.journal = head.journal AND batch.recorded_at < $2) END AS up_to
     FROM audit.shard_head AS head ORDER BY head.shard, head.journal`,
    byRecording ? [selection.from, selection.to] : [null, null],
  );
  return rows.map((row) => ({
    journal: row.journal,
    shard: row.shard,
    after: row.after ?? 0n,
    upTo: row.up_to ?? 0n,
    head: { sequence: row.sequence, hash: row.hash },
  }));
}

export interface SelectedPage {
  entries: ExportedEntry[];
  /** Up to here, nothing more is to be read. */
  position: bigint;
}

/** The selected entries of a journal behind `position`, page by page; the next is read while one is worked on. */
export async function* readSelected(
  pool: Pool,
  cut: JournalCut,
  selection: Selection,
  position: bigint = cut.after,
): AsyncGenerator<SelectedPage> {
  let next =
    position < cut.upTo ? readPage(pool, cut, selection, position) : null;
  while (next) {
    const page: SelectedPage = await next;
    next =
      page.position < cut.upTo
        ? readPage(pool, cut, selection, page.position)
        : null;
    // Whoever takes the page may fail before the next one is asked for.
    next?.catch(() => undefined);
    yield page;
  }
}

async function readPage(
  pool: Pool,
  cut: JournalCut,
  selection: Selection,
  after: bigint,
): Promise<SelectedPage> {
  const { journal, shard } = cut;
  const windowEnd = after + PAGE_SEQUENCES;
  const last = windowEnd < cut.upTo ? windowEnd : cut.upTo;
  const values: unknown[] = [shard, journal, after, last];
  const conditions = conditionsOf(selection, values);
  // The cause as it is stored, its numbers untouched.
  const { rows } = await pool.query<EntryRow>(
    `SELECT sequence, kind, merchant_id,
       (extract(epoch FROM occurred_at) * 1000000)::bigint AS occurred_at_micros,
       (extract(epoch FROM recorded_at) * 1000000)::bigint AS recorded_at_micros,
       cause::text AS cause, program, hash,
       CASE sequence WHEN 1 THEN repeat('0', 64) ELSE (
         SELECT ahead.hash FROM audit.entry AS ahead
         WHERE ahead.shard = $1 AND ahead.journal = $2 AND ahead.sequence = entry.sequence - 1) END AS previous_hash
     FROM audit.entry AS entry
     WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= $4${conditions}
     ORDER BY sequence LIMIT ${PAGE_ENTRIES}`,
    values,
  );
  const postings = await readPostings(
    pool,
    cut,
    rows.map(({ sequence }) => sequence),
  );
  return {
    entries: rows.map((row) => ({
      journal,
      shard,
      sequence: row.sequence,
      kind: row.kind,
      merchantId: row.merchant_id,
      occurredAtMicros: row.occurred_at_micros,
      recordedAtMicros: row.recorded_at_micros,
      causeText: row.cause,
      program: row.program,
      previousHash: row.previous_hash,
      hash: row.hash,
      postings: postings.get(row.sequence) ?? [],
    })),
    position: rows.length < PAGE_ENTRIES ? last : rows.at(-1)!.sequence,
  };
}

interface EntryRow {
  sequence: bigint;
  kind: string;
  merchant_id: string | null;
  occurred_at_micros: bigint;
  recorded_at_micros: bigint;
  cause: string;
  program: string | null;
  hash: string;
  previous_hash: string | null;
}

async function readPostings(
  pool: Pool,
  { shard, journal }: JournalCut,
  sequences: bigint[],
): Promise<Map<bigint, ExportedPosting[]>> {
  const bySequence = new Map<bigint, ExportedPosting[]>();
  if (sequences.length === 0) return bySequence;
  const { rows } = await pool.query<{
    sequence: bigint;
    line: number;
    account: string;
    unit: string;
    amount: bigint;
    lot_id: string | null;
  }>(
    `SELECT sequence, line, account, unit, amount, lot_id FROM audit.posting
     WHERE shard = $1 AND journal = $2 AND sequence = ANY ($3::bigint[]) ORDER BY sequence, line`,
    [shard, journal, sequences],
  );
  for (const { sequence, lot_id: lotId, ...row } of rows) {
    const posting = { ...row, lotId };
    const lines = bySequence.get(sequence);
    if (lines) lines.push(posting);
    else bySequence.set(sequence, [posting]);
  }
  return bySequence;
}

/** What the accounts of a journal of a shard had before the period, out of the entries that are selected otherwise. */
export async function readOpening(
  pool: Pool,
  { shard, journal, upTo }: JournalCut,
  selection: Selection,
): Promise<OpeningBalance[]> {
  if (selection.from === null) return [];
  const values: unknown[] = [shard, journal, upTo];
  const before = { ...selection, from: null, to: selection.from };
  const conditions = conditionsOf(before, values);
  return inTransaction(pool, async (client) => {
    // It sums all that there is ahead of the period.
    await client.query('SET LOCAL statement_timeout = 0');
    const { rows } = await client.query<OpeningBalance>(
      `SELECT posting.account, posting.unit, sum(posting.amount) AS amount
       FROM audit.entry AS entry JOIN audit.posting AS posting USING (shard, journal, sequence)
       WHERE shard = $1 AND journal = $2 AND sequence <= $3${conditions}
       GROUP BY posting.account, posting.unit HAVING sum(posting.amount) <> 0
       ORDER BY posting.account COLLATE "C", posting.unit COLLATE "C"`,
      values,
    );
    return rows;
  });
}

/** Whether the cut's heads are still entries of this ledger: false where the file was begun from another one. */
export async function holdsHeads(
  pool: Pool,
  cuts: readonly JournalCut[],
): Promise<boolean> {
  const { rows } = await pool.query(
    `SELECT FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[]) AS head (shard, journal, sequence, hash)
     WHERE sequence > 0 AND NOT EXISTS (
       SELECT FROM audit.entry AS entry WHERE entry.shard = head.shard AND entry.journal = head.journal
         AND entry.sequence = head.sequence AND entry.hash = head.hash) LIMIT 1`,
    [
      cuts.map(({ shard }) => shard),
      cuts.map(({ journal }) => journal),
      cuts.map(({ head }) => head.sequence),
      cuts.map(({ head }) => head.hash),
    ],
  );
  return rows.length === 0;
}

/** Further conditions on `entry`, with their values put behind those that are there. */
function conditionsOf(selection: Selection, values: unknown[]): string {
  const { by, from, to, program, merchant } = selection;
  const time = by === 'recorded' ? 'recorded_at' : 'occurred_at';
  const value = (given: unknown) => `$${values.push(given)}`;
  let conditions = '';
  if (from !== null)
    conditions += ` AND entry.${time} >= ${value(from)}::timestamptz`;
  if (to !== null)
    conditions += ` AND entry.${time} < ${value(to)}::timestamptz`;
  if (merchant !== null)
    conditions += ` AND entry.merchant_id = ${value(merchant)}`;
  if (program !== null) {
    const name = value(program);
    conditions += ` AND (entry.program = ${name} OR EXISTS (
      SELECT FROM audit.posting AS moved JOIN audit.lot AS lot ON lot.shard = moved.shard AND lot.lot_id = moved.lot_id
      WHERE moved.shard = entry.shard AND moved.journal = entry.journal AND moved.sequence = entry.sequence
        AND lot.program = ${name}))`;
  }
  return conditions;
}

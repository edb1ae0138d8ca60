import type { Unit } from '@app/contracts';
import {
  accountClassOf,
  accountName,
  MERCHANT_ACCOUNT_CLASSES,
  type MerchantAccountClass,
} from '../../account.js';
import {
  cutOfShard,
  isWithin,
  MomentError,
  withBalances,
  type Cut,
  type JournalCut,
  type MerchantPlace,
  type Statement,
  type StatementCursor,
  type StatementLine,
} from '../../as-of/index.js';
import { entryId, type EntryKind, type Journal } from '../../entry.js';
import type { Queryable } from '../queryable.js';
import { balancesAtJournalCut } from './balances-as-of.js';

export interface StatementQuery {
  from: Cut;
  to: Cut;
  /** Entries on a page. */
  limit: number;
  after?: StatementCursor | null;
}

/**
 * A page of what moved on a merchant's own accounts behind one cut and up to another. It costs what its own lines
 * cost: what the accounts had ahead of them is in the postings ahead of them.
 *
 * @throws MomentError where the first cut is not ahead of the second one
 */
export async function statement(
  db: Queryable,
  merchant: MerchantPlace,
  { from, to, limit, after = null }: StatementQuery,
): Promise<Statement> {
  const { merchantId, shard } = merchant;
  const [first, last] = [cutOfShard(from, shard), cutOfShard(to, shard)];
  if (!isWithin(first, last))
    throw new MomentError('the statement ends before it begins');
  const start: JournalCut = after ?? first;
  const [opening, before, closing, entries] = [
    await balancesAtJournalCut(db, merchant, first),
    after && (await balancesAtJournalCut(db, merchant, after)),
    await balancesAtJournalCut(db, merchant, last),
    // One more than asked for tells whether there is a next page.
    await readEntries(db, merchant, {
      start,
      end: last,
      recordedFromMs: after?.recordedAtMs ?? null,
      limit: limit + 1,
    }),
  ];
  const page = entries.slice(0, limit);
  const lines = page.flatMap((entry) => entry.lines);
  return {
    merchantId,
    from,
    to,
    opening,
    lines: withBalances(before ?? opening, lines),
    closing,
    next: entries.length > limit ? cursorBehind(start, page) : null,
  };
}

interface StatementEntry {
  journal: Journal;
  sequence: bigint;
  recordedAt: Date;
  /** Those on the merchant's own accounts. */
  lines: Omit<StatementLine, 'balance'>[];
}

function cursorBehind(
  { grants, promotions }: JournalCut,
  page: readonly StatementEntry[],
): StatementCursor {
  const cursor = {
    grants,
    promotions,
    recordedAtMs: page.at(-1)!.recordedAt.getTime(),
  };
  for (const { journal, sequence } of page) cursor[journal] = sequence;
  return cursor;
}

interface Selected {
  start: JournalCut;
  end: JournalCut;
  /** Nothing of it was recorded earlier; null where that is not known yet. */
  recordedFromMs: number | null;
  limit: number;
}

/** A merchant's entries behind one cut and up to another, in order of recording. */
async function readEntries(
  db: Queryable,
  merchant: MerchantPlace,
  { start, end, recordedFromMs, limit }: Selected,
): Promise<StatementEntry[]> {
  const { first, last } = await readTimes(db, merchant.shard, start, end);
  const entries: StatementEntry[] = [];
  let after: Place | null =
    first && last
      ? { recordedAt: latest(first, recordedFromMs), journal: '', sequence: 0n }
      : null;
  while (after && entries.length < limit) {
    const page: StatementEntry[] = await readPage(db, merchant, after, limit);
    // Of two cuts by position, one journal may begin or end at an earlier time than the other.
    entries.push(
      ...page.filter(
        ({ journal, sequence }) =>
          sequence > start[journal] && sequence <= end[journal],
      ),
    );
    const read: StatementEntry | undefined = page.at(-1);
    after = page.length < limit || read!.recordedAt > last! ? null : read!;
  }
  return entries.slice(0, limit);
}

interface Place {
  recordedAt: Date;
  journal: string;
  sequence: bigint;
}

function latest(time: Date, otherMs: number | null): Date {
  return otherMs === null ? time : new Date(Math.max(time.getTime(), otherMs));
}

/** When the first entry behind a cut was recorded, of any merchant, and the last one up to another cut. */
async function readTimes(
  db: Queryable,
  shard: number,
  start: JournalCut,
  end: JournalCut,
): Promise<{ first: Date | null; last: Date | null }> {
  const { rows } = await db.query<{ first: Date | null; last: Date | null }>({
    name: 'statement-times',
    text: `
      SELECT
        least(
          (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'grants' AND sequence = $2 + 1),
          (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'promotions' AND sequence = $3 + 1)
        ) AS first,
        greatest(
          (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'grants' AND sequence = $4),
          (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'promotions' AND sequence = $5)
        ) AS last`,
    values: [shard, start.grants, start.promotions, end.grants, end.promotions],
  });
  return rows[0]!;
}

async function readPage(
  db: Queryable,
  { shard, merchantId }: MerchantPlace,
  after: Place,
  limit: number,
): Promise<StatementEntry[]> {
  const { rows } = await db.query<Row>({
    name: 'statement-page',
    // An index holds all that the page is chosen by, and leaves nothing to be sorted.
    text: `
      WITH page AS MATERIALIZED (
        SELECT recorded_at, journal, sequence FROM audit.entry
        WHERE shard = $1 AND merchant_id = $2
          AND (recorded_at, journal, sequence) > ($3::timestamptz, $4::text, $5::bigint)
        ORDER BY recorded_at, journal, sequence LIMIT $6
      )
      SELECT page.*, told.kind, told.occurred_at, own.line, own.account, own.unit, own.amount, own.lot_id
      FROM page, LATERAL (
          SELECT kind, occurred_at FROM audit.entry
          WHERE shard = $1 AND entry.journal = page.journal AND entry.sequence = page.sequence OFFSET 0) AS told
        LEFT JOIN LATERAL (
          SELECT line, account, unit, amount, lot_id FROM audit.posting AS posting
          WHERE posting.shard = $1 AND posting.journal = page.journal AND posting.sequence = page.sequence
            AND posting.account = ANY ($7::text[])
          OFFSET 0) AS own ON true
      ORDER BY recorded_at, journal, sequence, line`,
    values: [
      shard,
      merchantId,
      after.recordedAt,
      after.journal,
      after.sequence,
      limit,
      MERCHANT_ACCOUNT_CLASSES.map((name) => accountName(name, merchantId)),
    ],
  });
  const entries: StatementEntry[] = [];
  for (const row of rows) {
    const { journal, sequence, recorded_at: recordedAt } = row;
    const last = entries.at(-1);
    const isSame = last?.journal === journal && last.sequence === sequence;
    const entry = isSame ? last : { journal, sequence, recordedAt, lines: [] };
    if (!isSame) entries.push(entry);
    if (row.line !== null) entry.lines.push(toLine(shard, row));
  }
  return entries;
}

interface EntryRow {
  recorded_at: Date;
  journal: Journal;
  sequence: bigint;
  kind: EntryKind;
  occurred_at: Date;
}

interface LineRow extends EntryRow {
  line: number;
  account: string;
  unit: Unit;
  amount: bigint;
  lot_id: string | null;
}

type Row = LineRow | (EntryRow & { line: null });

function toLine(shard: number, row: LineRow): Omit<StatementLine, 'balance'> {
  const { journal, sequence, line, kind, unit, amount } = row;
  return {
    entryId: entryId(journal, shard, sequence),
    journal,
    sequence,
    line,
    kind,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    account: accountClassOf(row.account) as MerchantAccountClass,
    unit,
    amount,
    lotId: row.lot_id,
  };
}

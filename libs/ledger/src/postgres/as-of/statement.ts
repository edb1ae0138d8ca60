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
import {
  toldEntriesAt,
  toToldEntries,
  type ToldEntry,
  type ToldEntryRow,
} from '../asking/told-entries.js';
import type { Queryable } from '../queryable.js';
import { balancesAtJournalCut } from './balances-as-of.js';

export interface StatementQuery {
  from: Cut;
  to: Cut;
  /** Entries on a page. */
  limit: number;
  after?: StatementCursor | null;
}

/** A statement with the entries that its lines are of, whole. */
export interface ToldStatement extends Statement {
  entries: ToldEntry[];
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
): Promise<ToldStatement> {
  const { merchantId, shard } = merchant;
  const [first, last] = [cutOfShard(from, shard), cutOfShard(to, shard)];
  if (!isWithin(first, last))
    throw new MomentError('the statement ends before it begins');
  const start: JournalCut = after ?? first;
  const [opening, before, closing, entries] = await Promise.all([
    balancesAtJournalCut(db, merchant, first),
    after && balancesAtJournalCut(db, merchant, after),
    balancesAtJournalCut(db, merchant, last),
    // One more than asked for tells whether there is a next page.
    readEntries(db, merchant, {
      start,
      end: last,
      recordedFromMs: after?.recordedAtMs ?? null,
      limit: limit + 1,
    }),
  ]);
  const page = entries.slice(0, limit);
  const own = new Set(
    MERCHANT_ACCOUNT_CLASSES.map((name) => accountName(name, merchantId)),
  );
  return {
    merchantId,
    from,
    to,
    opening,
    lines: withBalances(
      before ?? opening,
      page.flatMap((entry) => linesOf(entry, own)),
    ),
    closing,
    next: entries.length > limit ? cursorBehind(start, page) : null,
    entries: page,
  };
}

function cursorBehind(
  { grants, promotions }: JournalCut,
  page: readonly ToldEntry[],
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
): Promise<ToldEntry[]> {
  const { first, last } = await readTimes(db, merchant.shard, start, end);
  const entries: ToldEntry[] = [];
  let after: Place | null =
    first && last
      ? { recordedAt: latest(first, recordedFromMs), journal: '', sequence: 0n }
      : null;
  while (after && entries.length < limit) {
    const page: ToldEntry[] = await readPage(db, merchant, after, limit);
    // Of two cuts by position, one journal may begin or end at an earlier time than the other.
    entries.push(
      ...page.filter(
        ({ journal, sequence }) =>
          sequence > start[journal] && sequence <= end[journal],
      ),
    );
    const read: ToldEntry | undefined = page.at(-1);
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
): Promise<ToldEntry[]> {
  const { rows } = await db.query<ToldEntryRow>({
    name: 'statement-page',
    // An index holds all that the page is chosen by, and leaves nothing to be sorted.
    text: toldEntriesAt(`(
      SELECT $1::smallint AS shard, journal, sequence,
        row_number() OVER (ORDER BY recorded_at, journal, sequence) AS number
      FROM (
        SELECT recorded_at, journal, sequence FROM audit.entry
        WHERE shard = $1 AND merchant_id = $2
          AND (recorded_at, journal, sequence) > ($3::timestamptz, $4::text, $5::bigint)
        ORDER BY recorded_at, journal, sequence LIMIT $6) AS page) AS place`),
    values: [
      shard,
      merchantId,
      after.recordedAt,
      after.journal,
      after.sequence,
      limit,
    ],
  });
  return toToldEntries(rows);
}

function linesOf(
  { postings, ...entry }: ToldEntry,
  own: ReadonlySet<string>,
): Omit<StatementLine, 'balance'>[] {
  const { entryId, journal, sequence, kind, occurredAt, recordedAt } = entry;
  return postings
    .filter(({ account }) => own.has(account))
    .map(({ account, line, unit, amount, lotId }) => ({
      entryId,
      journal,
      sequence,
      line,
      kind,
      occurredAt,
      recordedAt,
      account: accountClassOf(account) as MerchantAccountClass,
      unit,
      amount,
      lotId,
    }));
}

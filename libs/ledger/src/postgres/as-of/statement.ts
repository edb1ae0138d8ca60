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

async function readEntries(
  db: Queryable,
  { shard, merchantId }: MerchantPlace,
  { start, end, recordedFromMs, limit }: Selected,
): Promise<StatementEntry[]> {
  const { rows } = await db.query<Row>({
    name: 'statement-page',
    // The index has a merchant's entries by time of recording: between those of the entries at the cuts.
    text: `
      WITH page AS MATERIALIZED (
        SELECT recorded_at, journal, sequence, kind, occurred_at FROM audit.entry
        WHERE shard = $1 AND merchant_id = $2
          AND recorded_at >= coalesce($8, least(
            (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'grants' AND sequence = $3 + 1),
            (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'promotions' AND sequence = $4 + 1)))
          AND recorded_at <= greatest(
            (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'grants' AND sequence = $5),
            (SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'promotions' AND sequence = $6))
          AND sequence > CASE journal WHEN 'grants' THEN $3::bigint ELSE $4::bigint END
          AND sequence <= CASE journal WHEN 'grants' THEN $5::bigint ELSE $6::bigint END
        ORDER BY recorded_at, journal, sequence LIMIT $9
      )
      SELECT page.*, own.line, own.account, own.unit, own.amount, own.lot_id
      FROM page LEFT JOIN LATERAL (
        SELECT line, account, unit, amount, lot_id FROM audit.posting AS posting
        WHERE posting.shard = $1 AND posting.journal = page.journal AND posting.sequence = page.sequence
          AND posting.account = ANY ($7::text[])
        OFFSET 0) AS own ON true
      ORDER BY recorded_at, journal, sequence, line`,
    values: [
      shard,
      merchantId,
      start.grants,
      start.promotions,
      end.grants,
      end.promotions,
      MERCHANT_ACCOUNT_CLASSES.map((name) => accountName(name, merchantId)),
      recordedFromMs === null ? null : new Date(recordedFromMs),
      limit,
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

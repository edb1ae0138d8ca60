import type { Unit } from '@app/contracts';
import type {
  EntryKind,
  Journal,
  StoredEntry,
  StoredPosting,
} from '../entry.js';
import type { BalanceAt } from '../verify-balances.js';
import { BinaryRows } from './binary-rows.js';
import type { PoolClient } from './pool.js';

/** Read at a time, and as many ahead while these are worked on. */
const PAGE_ENTRIES = 1_000;
const MAX_SEQUENCE = 2n ** 63n - 1n;

export interface StoredPage {
  entries: StoredEntry[];
  /** Sequences that have postings and no entry. */
  orphans: bigint[];
  balancesAt: BalanceAt[];
}

/** Which entries of a journal to read. */
export interface SequenceRange {
  /** The sequence ahead of the first one; by default from the beginning. */
  after?: bigint;
  /** The last one; by default to the end. */
  upTo?: bigint;
}

/** A journal as it is stored, page by page, whatever is missing in it. */
export async function* readStoredPages(
  client: PoolClient,
  journal: Journal,
  shard: number,
  { after = 0n, upTo = MAX_SEQUENCE }: SequenceRange = {},
): AsyncGenerator<StoredPage> {
  let next: Promise<PageRow> | null = readPage(client, journal, shard, {
    after,
    upTo,
  });
  while (next) {
    const page: PageRow = await next;
    const entries = new BinaryRows(page.entries);
    next =
      entries.count < PAGE_ENTRIES
        ? null
        : readPage(client, journal, shard, { after: page.last, upTo });
    // Whoever takes the page may fail before the next one is asked for.
    next?.catch(() => undefined);
    yield {
      ...toEntries(journal, shard, entries, new BinaryRows(page.postings)),
      balancesAt: toBalancesAt(new BinaryRows(page.balances_at)),
    };
  }
}

/** See {@link BinaryRows}. */
interface PageRow {
  last: bigint;
  entries: Buffer;
  postings: Buffer;
  balances_at: Buffer;
}

async function readPage(
  client: PoolClient,
  journal: Journal,
  shard: number,
  { after, upTo }: Required<SequenceRange>,
): Promise<PageRow> {
  const { rows } = await client.query<PageRow>({
    name: 'stored-page',
    text: `
      WITH page AS MATERIALIZED (
        SELECT * FROM entry WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= $4
        ORDER BY sequence LIMIT ${PAGE_ENTRIES}
      ), read AS (
        -- Up to the last entry of the page; behind the last page, whatever there is.
        SELECT CASE WHEN count(*) = ${PAGE_ENTRIES} THEN max(sequence) ELSE $4 END AS last FROM page
      )
      SELECT last,
        array_send(ARRAY(SELECT ROW(sequence, kind, merchant_id, occurred_at, recorded_at, cause, hash)
          FROM page ORDER BY sequence)) AS entries,
        array_send(ARRAY(SELECT ROW(sequence, line, account, unit, amount, lot_id, balance) FROM posting
          WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= last
          ORDER BY sequence, line)) AS postings,
        array_send(ARRAY(SELECT ROW(sequence, account, unit, amount) FROM shard_balance_at
          WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= last
          ORDER BY sequence)) AS balances_at
      FROM read`,
    values: [shard, journal, after, upTo],
  });
  return rows[0]!;
}

function toEntries(
  journal: Journal,
  shard: number,
  entryRows: BinaryRows,
  postingRows: BinaryRows,
): Pick<StoredPage, 'entries' | 'orphans'> {
  const postings = readPostings(postingRows);
  const orphans: bigint[] = [];
  const entries: StoredEntry[] = [];
  let at = 0;
  for (let i = 0; i < entryRows.count; i += 1) {
    entryRows.next();
    const sequence = entryRows.int8();
    for (; at < postings.length && postings[at]!.sequence < sequence; at += 1)
      orphans.push(postings[at]!.sequence);
    const lines: StoredPosting[] = [];
    for (; postings[at]?.sequence === sequence; at += 1)
      lines.push(postings[at]!.posting);
    entries.push({
      shard,
      journal,
      sequence,
      kind: entryRows.text() as EntryKind,
      merchantId: entryRows.textOrNull(),
      occurredAtMs: entryRows.timestamptz(),
      recordedAtMs: entryRows.timestamptz(),
      causeText: entryRows.text(),
      hash: entryRows.bytea(),
      postings: lines,
    });
  }
  for (; at < postings.length; at += 1) orphans.push(postings[at]!.sequence);
  return { entries, orphans: [...new Set(orphans)] };
}

function readPostings(
  rows: BinaryRows,
): { sequence: bigint; posting: StoredPosting }[] {
  const postings = [];
  for (let i = 0; i < rows.count; i += 1) {
    rows.next();
    postings.push({
      sequence: rows.int8(),
      posting: {
        line: rows.int2(),
        account: rows.text(),
        unit: rows.text() as Unit,
        amount: rows.int8(),
        lotId: rows.textOrNull(),
        balance: rows.int8(),
      },
    });
  }
  return postings;
}

function toBalancesAt(rows: BinaryRows): BalanceAt[] {
  return Array.from({ length: rows.count }, () => {
    rows.next();
    return {
      sequence: rows.int8(),
      account: rows.text(),
      unit: rows.text() as Unit,
      amount: rows.int8(),
    };
  });
}

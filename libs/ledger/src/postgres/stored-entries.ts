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
    next =
      page.count < PAGE_ENTRIES
        ? null
        : readPage(client, journal, shard, { after: page.last, upTo });
    // Whoever takes the page may fail before the next one is asked for.
    next?.catch(() => undefined);
    yield toPage(journal, shard, page);
  }
}

interface PageRow {
  count: bigint;
  last: bigint;
  /** See {@link BinaryRows}. */
  entries: Buffer | null;
  postings: Buffer | null;
  balances_at: Buffer | null;
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
        SELECT sequence, kind, merchant_id, occurred_at, recorded_at, cause, hash FROM entry
        WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= $4
        ORDER BY sequence LIMIT ${PAGE_ENTRIES}
      ), read AS (
        -- Up to the last entry of the page; behind the last page, whatever there is.
        SELECT count(*), CASE WHEN count(*) = ${PAGE_ENTRIES} THEN max(sequence) ELSE $4 END AS last,
          string_agg(record_send(page), '') AS entries
        FROM page
      )
      SELECT count, last, entries,
        (SELECT string_agg(record_send(posted), '') FROM (
          SELECT sequence, line, account, unit, amount, lot_id, balance FROM posting
          WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= last
          ORDER BY sequence, line) AS posted) AS postings,
        (SELECT string_agg(record_send(kept), '') FROM (
          SELECT sequence, account, unit, amount FROM shard_balance_at
          WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= last
          ORDER BY sequence) AS kept) AS balances_at
      FROM read`,
    values: [shard, journal, after, upTo],
  });
  return rows[0]!;
}

function toPage(
  journal: Journal,
  shard: number,
  { entries: entryRows, postings: postingRows, balances_at }: PageRow,
): StoredPage {
  const orphans = new Set<bigint>();
  const entries: StoredEntry[] = [];
  const postings = toPostings(postingRows);
  let at = 0;
  const rows = new BinaryRows(entryRows);
  while (rows.next()) {
    const sequence = rows.int8();
    for (; at < postings.length && postings[at]!.sequence < sequence; at += 1)
      orphans.add(postings[at]!.sequence);
    const lines: StoredPosting[] = [];
    for (; postings[at]?.sequence === sequence; at += 1)
      lines.push(postings[at]!.posting);
    entries.push({
      shard,
      journal,
      sequence,
      kind: rows.text() as EntryKind,
      merchantId: rows.textOrNull(),
      occurredAtMs: rows.timestamptz(),
      recordedAtMs: rows.timestamptz(),
      causeText: rows.text(),
      hash: rows.bytea(),
      postings: lines,
    });
  }
  for (; at < postings.length; at += 1) orphans.add(postings[at]!.sequence);
  return {
    entries,
    orphans: [...orphans],
    balancesAt: toBalancesAt(balances_at),
  };
}

function toPostings(
  bytes: Buffer | null,
): { sequence: bigint; posting: StoredPosting }[] {
  const rows = new BinaryRows(bytes);
  const postings = [];
  while (rows.next())
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
  return postings;
}

function toBalancesAt(bytes: Buffer | null): BalanceAt[] {
  const rows = new BinaryRows(bytes);
  const balances = [];
  while (rows.next())
    balances.push({
      sequence: rows.int8(),
      account: rows.text(),
      unit: rows.text() as Unit,
      amount: rows.int8(),
    });
  return balances;
}

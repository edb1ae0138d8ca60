import type { Unit } from '@app/contracts';
import type { Cause } from '../cause.js';
import type {
  EntryKind,
  Journal,
  StoredEntry,
  StoredPosting,
} from '../entry.js';
import type { PoolClient } from './pool.js';

/** Read at a time, and as many ahead while these are verified. */
const PAGE_ENTRIES = 1_000;
const HASH_BYTES = 32;
const MAX_SEQUENCE = 2n ** 63n - 1n;

export interface StoredPage {
  entries: StoredEntry[];
  /** Sequences that have postings and no entry. */
  orphans: bigint[];
}

/** A journal as it is stored, page by page, whatever is missing in it. */
export async function* readStoredPages(
  client: PoolClient,
  journal: Journal,
  shard: number,
): AsyncGenerator<StoredPage> {
  let next: Promise<PageRow> | null = readPage(client, journal, shard, 0n);
  while (next) {
    const page: PageRow = await next;
    const { count, last } = page;
    next =
      last === null || count < PAGE_ENTRIES
        ? null
        : readPage(client, journal, shard, last);
    // Whoever takes the page may fail before the next one is asked for.
    next?.catch(() => undefined);
    yield storedPage(journal, shard, page);
  }
}

/**
 * A page as one row, column by column: lists parted by commas, JSON arrays where a text may hold anything. `pg`
 * takes longer for the rows of an entry and its postings than their hash takes.
 */
interface PageRow {
  count: bigint;
  /** Null where the page is empty, as all the columns of entries are then. */
  last: bigint | null;
  sequences: string;
  kinds: string;
  merchant_ids: string;
  occurred: string;
  recorded: string;
  causes: string;
  hashes: Buffer;
  /** Null where the page has no postings, as all their columns are then. */
  posting_sequences: string | null;
  posting_lines: string;
  posting_accounts: string;
  posting_units: string;
  posting_amounts: string;
  posting_lot_ids: string;
}

async function readPage(
  client: PoolClient,
  journal: Journal,
  shard: number,
  after: bigint,
): Promise<PageRow> {
  const { rows } = await client.query<PageRow>({
    name: 'verify-page',
    text: `
      WITH page AS MATERIALIZED (
        SELECT * FROM entry WHERE shard = $1 AND journal = $2 AND sequence > $3 ORDER BY sequence LIMIT $4
      ), entries AS (
        SELECT count(*), max(sequence) AS last,
          string_agg(sequence::text, ',') AS sequences,
          json_agg(kind)::text AS kinds,
          json_agg(merchant_id)::text AS merchant_ids,
          string_agg(date_part('epoch', occurred_at)::text, ',') AS occurred,
          string_agg(date_part('epoch', recorded_at)::text, ',') AS recorded,
          json_agg(cause)::text AS causes,
          string_agg(hash, ''::bytea) AS hashes
        FROM page
      ), postings AS (
        SELECT string_agg(sequence::text, ',') AS posting_sequences,
          string_agg(line::text, ',') AS posting_lines,
          json_agg(account)::text AS posting_accounts,
          string_agg(unit, ',') AS posting_units,
          string_agg(amount::text, ',') AS posting_amounts,
          json_agg(lot_id)::text AS posting_lot_ids
        FROM (
          -- Up to the last entry of the page; behind the last page, whatever there is.
          SELECT * FROM posting
          WHERE shard = $1 AND journal = $2 AND sequence > $3
            AND sequence <= (SELECT CASE WHEN count = $4 THEN last ELSE ${MAX_SEQUENCE} END FROM entries)
          ORDER BY sequence, line
        ) AS lines
      )
      SELECT * FROM entries, postings`,
    values: [shard, journal, after, PAGE_ENTRIES],
  });
  return rows[0]!;
}

function storedPage(journal: Journal, shard: number, row: PageRow): StoredPage {
  const { of, orphans } = postingsBySequence(row);
  if (row.last === null) return { entries: [], orphans: orphans() };
  const kinds = JSON.parse(row.kinds) as EntryKind[];
  const merchantIds = JSON.parse(row.merchant_ids) as (string | null)[];
  const occurred = row.occurred.split(',');
  const recorded = row.recorded.split(',');
  const causes = JSON.parse(withExactNumbers(row.causes)) as Cause[];
  const entries = row.sequences.split(',').map((sequence, i) => ({
    shard,
    journal,
    sequence: BigInt(sequence),
    kind: kinds[i]!,
    merchantId: merchantIds[i]!,
    occurredAtMs: milliseconds(occurred[i]!),
    recordedAtMs: milliseconds(recorded[i]!),
    postings: of(sequence),
    cause: causes[i]!,
    hash: row.hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  }));
  return { entries, orphans: orphans() };
}

/** Takes the postings out by entry; what is not taken out belongs to none. */
function postingsBySequence(row: PageRow) {
  const bySequence = new Map<string, StoredPosting[]>();
  if (row.posting_sequences !== null) {
    const lines = row.posting_lines.split(',');
    const accounts = JSON.parse(row.posting_accounts) as string[];
    const units = row.posting_units.split(',') as Unit[];
    const amounts = row.posting_amounts.split(',');
    const lotIds = JSON.parse(row.posting_lot_ids) as (string | null)[];
    row.posting_sequences.split(',').forEach((sequence, i) => {
      const posting = {
        line: Number(lines[i]),
        account: accounts[i]!,
        unit: units[i]!,
        amount: BigInt(amounts[i]!),
        lotId: lotIds[i]!,
      };
      const known = bySequence.get(sequence);
      if (known) known.push(posting);
      else bySequence.set(sequence, [posting]);
    });
  }
  return {
    of: (sequence: string): StoredPosting[] => {
      const postings = bySequence.get(sequence) ?? [];
      bySequence.delete(sequence);
      return postings;
    },
    orphans: () => Array.from(bySequence.keys(), BigInt),
  };
}

/** Keeps what a time has below a millisecond: no entry was hashed with it. */
function milliseconds(epochSeconds: string): number {
  return Math.round(Number(epochSeconds) * 1e6) / 1e3;
}

const LONG_NUMBER = /[[: ]-?\d[\d.]{15}/;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.]*/g;

/**
 * Quotes the numbers that a double cannot hold. They would be rounded, perhaps to what was hashed, and so a
 * change of their last digit not be seen.
 */
function withExactNumbers(json: string): string {
  return LONG_NUMBER.test(json)
    ? json.replace(STRING_OR_NUMBER, (token) =>
        token.startsWith('"') || String(Number(token)) === token
          ? token
          : `"${token}"`,
      )
    : json;
}

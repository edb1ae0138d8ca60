import { escapeLiteral } from 'pg';
import { EMPTY_CHAIN } from '../chain.js';
import { entryId, JOURNALS, type Journal } from '../entry.js';
import { ShardBalanceVerifier, type BalanceAt } from '../verify-balances.js';
import { ChainVerifier, type EncodedEntry, type Finding } from '../verify.js';
import type { Pool, PoolClient } from './pool.js';
import { readStoredPages } from './stored-entries.js';
import { verifyOutside } from './verify-outside.js';
import { verifyTables } from './verify-tables.js';

/** One wrong entry makes all later sums wrong. */
const MOST_WRONG_SUMS = 20;

export interface LedgerVerification {
  shards: readonly number[];
  /** Called for each, in the order of shards, and within a shard of journals and entries, then of tables. */
  onFinding: (finding: Finding) => void;
  onProgress?: (verified: bigint) => void;
  /** Gets all entries of a journal of a shard as they are stored, in order, and is waited for. */
  onEntries?: (
    journal: Journal,
    shard: number,
    entries: readonly EncodedEntry[],
  ) => Promise<void>;
}

/**
 * Recomputes shards from their entries, compares with what is stored, and tells what differs. Each shard is seen
 * at one instant, so that writers may go on meanwhile.
 *
 * @returns the number of entries read
 */
export async function verifyLedger(
  pool: Pool,
  {
    shards,
    onFinding,
    onProgress = () => undefined,
    onEntries,
  }: LedgerVerification,
): Promise<bigint> {
  let verified = 0n;
  for (const shard of shards) {
    const findings = await inSnapshot(pool, async (client, beside) => {
      // The database sums balances while the hashes are made here.
      const tables = collect(verifyTables(beside, shard));
      tables.catch(() => undefined);
      for (const journal of JOURNALS)
        await verifyJournal(
          client,
          journal,
          shard,
          onFinding,
          async (count, encoded) => {
            verified += BigInt(count);
            onProgress(verified);
            await onEntries?.(journal, shard, encoded);
          },
        );
      return tables;
    });
    findings.forEach(onFinding);
  }
  (await verifyOutside(pool)).forEach(onFinding);
  return verified;
}

/** How many entries the heads of shards say there are. */
export async function countEntries(
  pool: Pool,
  shards: readonly number[],
): Promise<bigint> {
  const { rows } = await pool.query<{ count: bigint }>(
    'SELECT coalesce(sum(sequence), 0) AS count FROM shard_head WHERE shard = ANY ($1::smallint[])',
    [shards],
  );
  return rows[0]!.count;
}

async function verifyJournal(
  client: PoolClient,
  journal: Journal,
  shard: number,
  onFinding: (finding: Finding) => void,
  onPage: (count: number, entries: EncodedEntry[]) => Promise<void>,
): Promise<void> {
  const { rows } = await client.query<{ sequence: bigint; hash: Buffer }>(
    'SELECT sequence, hash FROM shard_head WHERE shard = $1 AND journal = $2',
    [shard, journal],
  );
  const chain = new ChainVerifier(journal, shard, rows[0] ?? EMPTY_CHAIN);
  const balances = new ShardBalanceVerifier(journal, shard);
  const wrongSums: Finding[] = [];
  for await (const page of readStoredPages(client, journal, shard)) {
    const encoded: EncodedEntry[] = [];
    const findings = chain.check(page.entries, (entry) => encoded.push(entry));
    for (const finding of findings) onFinding(finding);
    // Told after the entries: a sum is wrong because an entry is.
    for (const finding of balances.check(page.entries, page.balancesAt))
      if (wrongSums.length < MOST_WRONG_SUMS) wrongSums.push(finding);
    for (const sequence of page.orphans) {
      const id = entryId(journal, shard, sequence);
      const problem = `${id} has postings, but there is no such entry`;
      onFinding({ shard, entryId: id, problem });
    }
    await onPage(page.entries.length, encoded);
  }
  for (const finding of chain.end()) onFinding(finding);
  wrongSums.forEach(onFinding);
  const kept = await client.query<Omit<BalanceAt, 'sequence'>>(
    'SELECT account, unit, amount FROM shard_balance WHERE shard = $1 AND journal = $2',
    [shard, journal],
  );
  for (const finding of balances.end(kept.rows)) onFinding(finding);
}

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Two connections that see the database at the same instant, for reading as long as it takes. */
async function inSnapshot<Result>(
  pool: Pool,
  work: (client: PoolClient, beside: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const beside = await pool.connect();
  let isDone = false;
  try {
    await client.query(BEGIN);
    const { rows } = await client.query<{ snapshot: string }>(
      'SELECT pg_export_snapshot() AS snapshot',
    );
    await beside.query(BEGIN);
    await beside.query(
      `SET TRANSACTION SNAPSHOT ${escapeLiteral(rows[0]!.snapshot)}`,
    );
    for (const one of [client, beside])
      await one.query(
        "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'",
      );
    const result = await work(client, beside);
    for (const one of [client, beside]) await one.query('COMMIT');
    isDone = true;
    return result;
  } finally {
    // Where something failed, one may still be busy with what nobody waits for any more: it is closed.
    client.release(!isDone);
    beside.release(!isDone);
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

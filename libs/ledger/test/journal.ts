import type { EntryDraft, Journal } from '@app/ledger';
import {
  commitToJournal,
  createPool,
  readJournalHead,
  type JournalCommit,
  type JournalHead,
  type Pool,
} from '@app/ledger/postgres';
import {
  createDatabase,
  type TestDatabase,
} from '../../../test/support/database.js';
import { NOW_MS } from './entries.js';

export interface TestLedger {
  url: string;
  pool: Pool;
  close: () => Promise<void>;
}

/** An empty ledger in a database of its own, with a pool of its owner, a superuser. */
export async function createLedger(postgresUrl: string): Promise<TestLedger> {
  const database: TestDatabase = await createDatabase(postgresUrl);
  const pool = createPool(database.url, {
    applicationName: 'test',
    maxConnections: 8,
  });
  return {
    url: database.url,
    pool,
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
}

export interface Place {
  journal: Journal;
  shard: number;
}

/** Commits drafts from the head that is there, or from an older one. */
export async function commit(
  pool: Pool,
  place: Place,
  drafts: readonly EntryDraft[],
  from?: JournalHead,
  alongside?: JournalCommit['alongside'],
) {
  const head = from ?? (await readHead(pool, place));
  return commitToJournal(pool, {
    ...place,
    head,
    consumed: { topic: (head.consumed['topic'] ?? 0n) + 1n },
    drafts,
    nowMs: NOW_MS,
    ...(alongside ? { alongside } : {}),
  });
}

export function readHead(
  pool: Pool,
  { journal, shard }: Place,
): Promise<JournalHead> {
  return readJournalHead(pool, journal, shard);
}

const TABLES = [
  'shard_head',
  'journal_batch',
  'entry',
  'posting',
  'entry_event',
  'merchant_balance',
  'shard_balance',
  'shard_balance_at',
];

/** All that is written of a shard, in the tables that a commit writes to. */
export async function snapshot(pool: Pool, shard: number): Promise<unknown[]> {
  const rows = await Promise.all(
    TABLES.map((table) =>
      pool.query(
        `SELECT t::text FROM ${table} AS t WHERE shard = $1 ORDER BY 1`,
        [shard],
      ),
    ),
  );
  return rows.map((result) => result.rows as unknown[]);
}

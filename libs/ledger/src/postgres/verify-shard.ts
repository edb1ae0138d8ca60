import { JOURNALS, type Journal } from '../entry.js';
import type { Finding, HashedEntries } from '../verify.js';
import { queryBinary } from './binary-query.js';
import { BinaryRows } from './binary-rows.js';
import type { Pool, PoolClient } from './pool.js';
import { verifyJournal, type EntryHash } from './verify-journal.js';
import { VerifySpace } from './verify-space.js';
import { verifyTables, type TableCheck } from './verify-tables.js';

/** Verifies whole shards, one after the other. */
export interface ShardVerifier {
  verify(shard: number, listener: ShardListener): Promise<void>;
}

export interface ShardListener {
  onFinding: (finding: Finding) => void;
  /** Gets the pages of each journal in order, and is waited for. */
  onPage: (page: VerifiedPage) => Promise<void>;
}

/** Entries that were verified, and are hashed where somebody asked for it. */
export interface VerifiedPage extends HashedEntries {
  journal: Journal;
  count: number;
}

/** While some are read, another is hashed. */
export const SHARDS_AT_A_TIME = 3;

/** @param pool of {@link SHARDS_AT_A_TIME} connections */
export function shardReaders(
  pool: Pool,
  hashOf: EntryHash | null = null,
): ShardVerifier[] {
  return Array.from(
    { length: SHARDS_AT_A_TIME },
    () => new ShardReader(pool, hashOf),
  );
}

/** Verifies shards in this thread, on a connection of the pool. */
export class ShardReader implements ShardVerifier {
  readonly #space = new VerifySpace();

  /** @param hashOf see {@link VerifiedPage}; null where nobody asks for hashes */
  constructor(
    private readonly pool: Pool,
    private readonly hashOf: EntryHash | null,
  ) {}

  verify(shard: number, listener: ShardListener): Promise<void> {
    return inSnapshot(this.pool, (client) =>
      this.#verify(client, shard, listener),
    );
  }

  async #verify(
    client: PoolClient,
    shard: number,
    { onFinding, onPage }: ShardListener,
  ): Promise<void> {
    const rights = new Set<TableCheck>(['balances']);
    const space = this.#space;
    const { lots } = space;
    lots.begin(shard);
    for (const journal of JOURNALS) {
      const isRight = await verifyJournal(client, {
        place: { journal, shard },
        space,
        onFinding,
        hashOf: this.hashOf,
        onPage: (count, entries) => onPage({ journal, count, ...entries }),
      });
      if (!isRight) rights.delete('balances');
    }
    const values = [shard];
    await queryBinary(client, { ...LOTS, values }, (rows) =>
      lots.compareLots(new BinaryRows(rows)),
    );
    await queryBinary(client, { ...LOT_USES, values }, (rows) =>
      lots.compareUses(new BinaryRows(rows)),
    );
    if (lots.areLotsRight()) rights.add('lots');
    if (lots.areUsesRight()) rights.add('lot-uses');
    for await (const finding of verifyTables(client, shard, rights))
      onFinding(finding);
  }
}

const LOTS = {
  name: 'verify-kept-lots',
  text: 'SELECT lot_id, merchant_id, unit, granted, expires_at, program FROM lot WHERE shard = $1',
};
const LOT_USES = {
  name: 'verify-kept-uses',
  text: 'SELECT lot_id, granted, reserved, spent, expired, clawed_back FROM lot_use WHERE shard = $1',
};

/** A connection that sees the database at one instant, for reading as long as it takes. */
export async function inSnapshot(
  pool: Pool,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let isDone = false;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(
      "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'",
    );
    await work(client);
    await client.query('COMMIT');
    isDone = true;
  } finally {
    // Where something failed, it may still be busy with what nobody waits for any more: it is closed.
    client.release(!isDone);
  }
}

import { JOURNALS, type Journal } from '../entry.js';
import type { EncodedEntry, Finding } from '../verify.js';
import { queryBinary } from './binary-query.js';
import { BinaryRows } from './binary-rows.js';
import type { Pool, PoolClient } from './pool.js';
import { Turns } from './turns.js';
import { verifyJournal } from './verify-journal.js';
import { verifyLeases } from './verify-leases.js';
import { verifyOutside } from './verify-outside.js';
import { VerifySpace } from './verify-space.js';
import { verifyTables, type TableCheck } from './verify-tables.js';

/** Shards verified at a time, each on a connection of its own: while some are read, another is hashed. */
export const SHARDS_AT_A_TIME = 3;

export interface LedgerVerification {
  shards: readonly number[];
  /** Called for each, in the order of shards, and within a shard of journals and entries, then of tables. */
  onFinding: (finding: Finding) => void;
  onProgress?: (verified: bigint) => void;
  /**
   * Gets all entries of a journal of a shard as they are stored, in order, and is waited for; shards take turns. The
   * bytes are others after that.
   */
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
 * @param pool of {@link SHARDS_AT_A_TIME} connections, and those that `onEntries` takes
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
  const turns = new Turns(onFinding);
  const left = shards.entries();
  const lane = async (): Promise<void> => {
    const space = new VerifySpace();
    for (const [turn, shard] of left) {
      await inSnapshot(pool, (client) =>
        verifyShard(client, shard, space, {
          onFinding: (finding) => turns.tell(turn, finding),
          encodes: onEntries !== undefined,
          onPage: async (journal, count, entries) => {
            verified += BigInt(count);
            onProgress(verified);
            await onEntries?.(journal, shard, entries);
            await turns.pause(turn);
          },
        }),
      );
      turns.end(turn);
    }
  };
  await Promise.all(
    Array.from({ length: SHARDS_AT_A_TIME }, () =>
      lane().catch((error: unknown) => turns.fail(error)),
    ),
  );
  turns.assertNoneFailed();
  (await verifyOutside(pool)).forEach(onFinding);
  (await verifyLeases(pool)).forEach(onFinding);
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

interface ShardVerification {
  onFinding: (finding: Finding) => void;
  /** Whether `onPage` gets entries. */
  encodes: boolean;
  onPage: (
    journal: Journal,
    count: number,
    entries: EncodedEntry[],
  ) => Promise<void>;
}

async function verifyShard(
  client: PoolClient,
  shard: number,
  space: VerifySpace,
  { onFinding, encodes, onPage }: ShardVerification,
): Promise<void> {
  const rights = new Set<TableCheck>(['balances']);
  const { lots } = space;
  lots.begin(shard);
  for (const journal of JOURNALS) {
    const isRight = await verifyJournal(client, {
      place: { journal, shard },
      space,
      onFinding,
      encodes,
      onPage: (count, entries) => onPage(journal, count, entries),
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

const LOTS = {
  name: 'verify-kept-lots',
  text: 'SELECT lot_id, merchant_id, unit, granted, expires_at, program FROM lot WHERE shard = $1',
};
const LOT_USES = {
  name: 'verify-kept-uses',
  text: 'SELECT lot_id, granted, reserved, spent, expired, clawed_back FROM lot_use WHERE shard = $1',
};

/** A connection that sees the database at one instant, for reading as long as it takes. */
async function inSnapshot(
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

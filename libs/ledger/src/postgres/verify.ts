import type { Finding } from '../verify.js';
import type { Pool } from './pool.js';
import { Turns } from './turns.js';
import { verifyLeases } from './verify-leases.js';
import { verifyOutside } from './verify-outside.js';
import {
  shardReaders,
  type ShardVerifier,
  type VerifiedPage,
} from './verify-shard.js';

export interface LedgerVerification {
  shards: readonly number[];
  /** Who verifies them, each a shard at a time; by default {@link shardReaders} of the pool. */
  verifiers?: readonly ShardVerifier[];
  /** Called for each, in the order of shards, and within a shard of journals and entries, then of tables. */
  onFinding: (finding: Finding) => void;
  onProgress?: (verified: bigint) => void;
  /** Gets all pages of a journal of a shard in order, and is waited for; shards take turns. */
  onPage?: (shard: number, page: VerifiedPage) => Promise<void>;
}

/**
 * Recomputes shards from their entries, compares with what is stored, and tells what differs. Each shard is seen
 * at one instant, so that writers may go on meanwhile.
 *
 * @param pool for what belongs to no shard
 * @returns the number of entries read
 */
export async function verifyLedger(
  pool: Pool,
  {
    shards,
    verifiers = shardReaders(pool),
    onFinding,
    onProgress = () => undefined,
    onPage = () => Promise.resolve(),
  }: LedgerVerification,
): Promise<bigint> {
  let verified = 0n;
  const turns = new Turns(onFinding);
  const left = shards.entries();
  const verifyOn = async (verifier: ShardVerifier): Promise<void> => {
    for (const [turn, shard] of left) {
      await verifier.verify(shard, {
        onFinding: (finding) => turns.tell(turn, finding),
        onPage: async (page) => {
          verified += BigInt(page.count);
          onProgress(verified);
          await onPage(shard, page);
          await turns.pause(turn);
        },
      });
      turns.end(turn);
    }
  };
  await Promise.all(
    verifiers.map((verifier) =>
      verifyOn(verifier).catch((error: unknown) => turns.fail(error)),
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

import { JOURNALS } from '../entry.js';
import type { Finding } from '../verify.js';
import type { Pool } from './pool.js';
import { verifyJournal } from './verify-journal.js';
import { inSnapshot } from './verify-shard.js';
import { VerifySpace } from './verify-space.js';

/**
 * The first entry that was changed, is missing or does not belong, of shards in their order; null where there is none.
 * Tables that follow from entries are not looked at.
 *
 * @param onProgress gets how many entries were read
 */
export async function firstWrongEntry(
  pool: Pool,
  shards: readonly number[],
  onProgress: (read: number) => void = () => undefined,
): Promise<Finding | null> {
  const space = new VerifySpace();
  let read = 0;
  let first: Finding | null = null;
  for (const shard of shards) {
    await inSnapshot(pool, async (client) => {
      space.lots.begin(shard);
      for (const journal of JOURNALS)
        await verifyJournal(client, {
          place: { journal, shard },
          space,
          onFinding: (finding) => (first ??= finding),
          onWrongSum: () => undefined,
          hashOf: null,
          onPage: (count) => {
            onProgress((read += count));
            return Promise.resolve();
          },
        });
    });
    if (first) return first;
  }
  return null;
}

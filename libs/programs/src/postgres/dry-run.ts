import {
  readActivityKeptFromMs,
  readShardCount,
  type Pool,
} from '@app/ledger/postgres';
import {
  DryRun,
  type DryRunOptions,
  type DryRunResult,
} from '../dry-run/dry-run.js';
import { countActivity, withShardActivity } from './recorded-activity.js';

export interface ActivityDryRun extends Omit<DryRunOptions, 'keptFromMs'> {
  /** Told now and then how many events of how many were read. */
  onProgress?: (done: number, total: number) => void;
  /** Ends the run with the signal's reason, between two readings. */
  signal?: AbortSignal;
  /** The longest that one reading may take; by default as long as it takes. */
  statementTimeoutMs?: number;
}

/**
 * Runs a draft over the activity that the granter has accepted; see {@link DryRun}. It reads one shard after the other,
 * each as it stands when it is begun, and writes nothing.
 *
 * @param pool may read `activity`: as the role of the granter or the api, or its owner
 * @throws whatever the signal says, or an error of the database
 */
export async function dryRunOverActivity(
  pool: Pool,
  {
    onProgress = () => undefined,
    signal,
    statementTimeoutMs = 0,
    ...options
  }: ActivityDryRun,
): Promise<DryRunResult> {
  const { untilMs } = options.span;
  const shardCount = await readShardCount(pool);
  const bounds = { untilMs, statementTimeoutMs };
  const total = await countActivity(pool, bounds);
  const keptFromMs = await readActivityKeptFromMs(pool);
  const run = new DryRun({ ...options, keptFromMs });
  let done = 0;
  for (let shard = 0; shard < shardCount; shard++) {
    signal?.throwIfAborted();
    await withShardActivity(pool, shard, bounds, async (activity) => {
      const { recounted, pages } = activity;
      run.beginShard(shard, (merchantId) => recounted.has(merchantId));
      for await (const page of pages) {
        signal?.throwIfAborted();
        for (const input of page) run.take(input);
        done += page.length;
        // More may have come meanwhile.
        onProgress(done, Math.max(done, total));
      }
      run.endShard();
    });
  }
  return run.result();
}

import { readShardCount, type Pool } from '@app/ledger/postgres';
import { DryRun, type DryRunOptions, type DryRunResult } from '../dry-run.js';
import { countActivity, withShardActivity } from './recorded-activity.js';

export interface ActivityDryRun extends DryRunOptions {
  /** Told now and then how many events of how many were read. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Runs a draft over the activity that the granter has accepted; see {@link DryRun}. It reads one shard after the other,
 * each as it stands when it is begun, and writes nothing.
 *
 * @param pool may read `activity`: as the granter's role, or its owner
 */
export async function dryRunOverActivity(
  pool: Pool,
  { onProgress = () => undefined, ...options }: ActivityDryRun,
): Promise<DryRunResult> {
  const { untilMs } = options.span;
  const shardCount = await readShardCount(pool);
  const total = await countActivity(pool, untilMs);
  const run = new DryRun(options);
  let done = 0;
  for (let shard = 0; shard < shardCount; shard++)
    await withShardActivity(pool, shard, untilMs, async (activity) => {
      const { flagged, pages } = activity;
      run.beginShard(shard, (merchantId) => flagged.has(merchantId));
      for await (const page of pages) {
        for (const input of page) run.take(input);
        done += page.length;
        // More may have come meanwhile.
        onProgress(done, Math.max(done, total));
      }
      run.endShard();
    });
  return run.result();
}

import { Ticker, type Clock } from '@app/streaming';
import type { PromoterShards } from './promoter.shards.js';
import type { PromoterStore } from './promoter.store.js';

const TICK_INTERVAL_MS = 1_000;
const MERCHANTS_A_TICK = 5_000;

/**
 * Tells merchants the time where nothing else does: lots expire and deadlines pass between events too.
 * The time enters as an input like any other and is written down with the batch.
 */
export class DueTimer extends Ticker {
  constructor(
    private readonly store: PromoterStore,
    private readonly shards: PromoterShards,
    private readonly clock: Clock,
  ) {
    super(TICK_INTERVAL_MS);
  }

  protected async tick(): Promise<void> {
    const { assigned } = this.shards;
    if (assigned.length === 0) return;
    const atMs = this.clock.nowMs();
    const due = await this.store.readDue(assigned, atMs, MERCHANTS_A_TICK);
    const byShard = new Map<number, string[]>();
    for (const { shard, merchantId } of due) {
      const merchantIds = byShard.get(shard);
      if (merchantIds) merchantIds.push(merchantId);
      else byShard.set(shard, [merchantId]);
    }
    for (const [shard, merchantIds] of byShard) {
      await this.shards.of(shard).takeUnpositioned(
        merchantIds.map((merchantId) => ({
          kind: 'tick',
          merchantId,
          atMs,
          position: 0n,
        })),
      );
    }
  }
}

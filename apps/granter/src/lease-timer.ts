import { Ticker, type Clock } from '@app/streaming';
import type { GranterShards } from './granter.shards.js';
import type { PoolLeases } from './pool-leases.js';

const TICK_INTERVAL_MS = 10_000;

/** Lets what shards do not need of their slices flow back. */
export class LeaseTimer extends Ticker {
  constructor(
    private readonly leases: PoolLeases,
    private readonly shards: GranterShards,
    private readonly clock: Clock,
  ) {
    super(TICK_INTERVAL_MS);
  }

  protected async tick(): Promise<void> {
    const { assigned } = this.shards;
    if (assigned.length === 0) return;
    const nowMs = this.clock.nowMs();
    for (const shard of await this.leases.findUnused(assigned, nowMs))
      await this.shards.tick(shard);
    await this.leases.bringHome(assigned, nowMs);
  }
}

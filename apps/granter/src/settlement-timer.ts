import { Ticker, type Clock } from '@app/streaming';
import type { GranterShards } from './granter.shards.js';
import type { GranterStore } from './granter.store.js';

const TICK_INTERVAL_MS = 1_000;

/** Lets the clock decide what is due where no event comes by: periods end, and goals settle, all the same. */
export class SettlementTimer extends Ticker {
  constructor(
    private readonly store: GranterStore,
    private readonly shards: GranterShards,
    private readonly clock: Clock,
  ) {
    super(TICK_INTERVAL_MS);
  }

  protected async tick(): Promise<void> {
    const { assigned } = this.shards;
    if (assigned.length === 0) return;
    const nowMs = this.clock.nowMs();
    for (const shard of await this.store.readDueShards(assigned, nowMs))
      await this.shards.tick(shard);
  }
}

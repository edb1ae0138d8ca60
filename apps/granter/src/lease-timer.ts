import { Logger } from '@nestjs/common';
import { Repeater, type Clock } from '@app/streaming';
import type { GranterShards } from './granter.shards.js';
import type { PoolLeases } from './pool-leases.js';

const TICK_INTERVAL_MS = 10_000;

/** Lets what shards do not need of their slices flow back. */
export class LeaseTimer {
  readonly #logger = new Logger(LeaseTimer.name);
  readonly #repeater = new Repeater(
    () => this.#tick(),
    TICK_INTERVAL_MS,
    (error) => this.#logger.warn(error.message),
  );

  constructor(
    private readonly leases: PoolLeases,
    private readonly shards: GranterShards,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.#repeater.start();
  }

  stop(): Promise<void> {
    return this.#repeater.stop();
  }

  async #tick(): Promise<void> {
    const { assigned } = this.shards;
    if (assigned.length === 0) return;
    const nowMs = this.clock.nowMs();
    for (const shard of await this.leases.findUnused(assigned, nowMs))
      await this.shards.of(shard).takeUnpositioned([]);
    await this.leases.bringHome(assigned, nowMs);
  }
}

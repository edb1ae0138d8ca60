import { readEntries, readTips, type Pool } from '@app/ledger/postgres';
import { Ticker } from '@app/streaming';
import type { PromoterShards } from './promoter.shards.js';

const JOURNAL = 'grants';
const POLL_INTERVAL_MS = 100;
const PAGE = 1_000;

/** Hands the grants journal of this process's shards to their writers, each from where its head says. */
export class GrantsFollower extends Ticker {
  constructor(
    private readonly pool: Pool,
    private readonly shards: PromoterShards,
  ) {
    super(POLL_INTERVAL_MS);
  }

  protected async tick(): Promise<void> {
    const { assigned } = this.shards;
    if (assigned.length === 0) return;
    const tips = await readTips(this.pool, JOURNAL, assigned);
    for (const [shard, tip] of tips) await this.#follow(shard, tip);
  }

  async #follow(shard: number, tip: bigint): Promise<void> {
    const writer = this.shards.of(shard);
    let from = (await writer.positionOf(JOURNAL)) ?? 1n;
    while (from <= tip) {
      const entries = await readEntries(this.pool, JOURNAL, shard, from, PAGE);
      const last = entries.at(-1);
      if (!last) return;
      from = await writer.take({
        source: JOURNAL,
        shard,
        from,
        next: last.sequence + 1n,
        earliest: 1n,
        messages: entries.map((entry) => ({
          kind: 'grant',
          entry,
          position: entry.sequence,
        })),
      });
    }
  }
}

import { Registry } from 'prom-client';
import { TOPICS } from '@app/contracts';
import type { ChainTip } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import type { Clock, Commit, Committed } from '@app/streaming';
import { FollowedPrograms } from '../src/followed-programs.js';
import type { GranterMessage, GranterWork } from '../src/grant.js';
import { GranterMetrics } from '../src/granter.metrics.js';
import { GranterShards } from '../src/granter.shards.js';
import { GranterStore } from '../src/granter.store.js';
import { PoolLeases } from '../src/pool-leases.js';
import { silentBroker, type ActivityLog } from './granter-by-hand.js';

/** Where a commit is cut off: ahead of it, or behind it, so that nobody hears that it stands. */
export type Cut = 'before' | 'after' | null;

/** A process of the granter that follows the record of programs, each step by hand. Every shard is a home. */
export class GranterProcess {
  readonly programs: FollowedPrograms;
  readonly shards: GranterShards;
  readonly store: GranterStore;

  /** @param nextCut asked at each commit */
  constructor(
    pool: Pool,
    clock: Clock,
    private readonly log: ActivityLog,
    nextCut: () => Cut = () => null,
  ) {
    this.programs = new FollowedPrograms(pool);
    this.store = new StoreThatDies(
      pool,
      this.programs,
      new GranterMetrics(new Registry()),
      new PoolLeases(pool, this.programs, 64, () => log.shard),
      nextCut,
    );
    this.shards = new GranterShards(
      this.store,
      silentBroker,
      clock,
      this.programs,
    );
  }

  get shard(): number {
    return this.log.shard;
  }

  /** As the timer does. */
  async poll(): Promise<void> {
    await this.programs.refresh();
    await this.shards.takeProgramChanges(this.shard);
  }

  /** Takes messages of the log as the consumer does: from where the writer says, until they are taken. */
  async take(messages: readonly GranterMessage[]): Promise<void> {
    const next = messages.at(-1)!.position + 1n;
    let from = messages[0]!.position;
    while (from < next)
      from = await this.shards.take({
        source: TOPICS.activity,
        shard: this.shard,
        from,
        next,
        earliest: 0n,
        messages: this.log.between(from, next),
      });
  }
}

class StoreThatDies extends GranterStore {
  readonly #nextCut: () => Cut;

  constructor(
    ...[pool, programs, metrics, leases, nextCut]: [
      ...ConstructorParameters<typeof GranterStore>,
      () => Cut,
    ]
  ) {
    super(pool, programs, metrics, leases);
    this.#nextCut = nextCut;
  }

  override async commit(
    commit: Commit<ChainTip, GranterWork>,
  ): Promise<Committed<ChainTip>> {
    const cut = this.#nextCut();
    if (cut === 'before') throw new Error('died ahead of the commit');
    const committed = await super.commit(commit);
    if (cut === 'after') throw new Error('died behind the commit');
    return committed;
  }
}

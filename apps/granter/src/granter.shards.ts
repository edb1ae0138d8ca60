import type { ChainTip } from '@app/ledger';
import { FIRST_PROGRAM_CHANGE, PROGRAM_CHANGES } from '@app/programs';
import {
  ShardWriters,
  type Broker,
  type Clock,
  type SourceBatch,
} from '@app/streaming';
import type { FollowedPrograms } from './followed-programs.js';
import {
  granting,
  type GranterMessage,
  type GranterState,
  type GranterWork,
} from './grant.js';
import type { GranterStore } from './granter.store.js';

/** The granter's writers: one for each shard of this process. Each takes changes of programs ahead of all else. */
export class GranterShards extends ShardWriters<
  GranterMessage,
  ChainTip,
  GranterState,
  GranterWork
> {
  constructor(
    store: GranterStore,
    broker: Broker,
    clock: Clock,
    private readonly programs: Pick<FollowedPrograms, 'position'>,
  ) {
    super(store, broker, clock, granting);
  }

  override async take(batch: SourceBatch<GranterMessage>): Promise<bigint> {
    await this.takeProgramChanges(batch.shard);
    return super.take(batch);
  }

  /** Lets the clock and the ledger decide, without an event. */
  async tick(shard: number): Promise<void> {
    await this.takeProgramChanges(shard);
    await this.of(shard).takeUnpositioned([]);
  }

  /**
   * Takes the changes of programs that this process knows, in a commit of their own, which says so: it and those behind
   * it are decided with them. A shard that has taken them does nothing.
   */
  async takeProgramChanges(shard: number): Promise<void> {
    const changes = {
      source: PROGRAM_CHANGES,
      shard,
      from: FIRST_PROGRAM_CHANGE,
      next: this.programs.position,
      earliest: FIRST_PROGRAM_CHANGE,
      messages: [],
    };
    // Again where another writer has moved the head.
    while ((await this.of(shard).take(changes)) < changes.next);
  }
}

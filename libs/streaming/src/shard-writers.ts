import type { Broker, Clock, ShardStore } from './ports.js';
import {
  ShardWriter,
  type Decide,
  type Positioned,
  type SourceBatch,
} from './shard-writer.js';

/** The writers of the shards of this process, each made when it is first asked for. */
export class ShardWriters<Message extends Positioned, Tip, State, Work> {
  readonly #writers = new Map<number, ShardWriter<Message, Tip, State, Work>>();
  #assigned: ReadonlySet<number> = new Set();

  constructor(
    private readonly store: ShardStore<Message, Tip, State, Work>,
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly decide: Decide<Message, Tip, State, Work>,
  ) {}

  /** The shards that this process has now, as far as it knows. */
  get assigned(): readonly number[] {
    return [...this.#assigned];
  }

  /** Takes over what a rebalance gave: another process may have written there meanwhile. */
  assign(shards: readonly number[]): void {
    for (const shard of shards) {
      if (!this.#assigned.has(shard)) this.#writers.get(shard)?.forgetHead();
    }
    this.#assigned = new Set(shards);
  }

  of(shard: number): ShardWriter<Message, Tip, State, Work> {
    let writer = this.#writers.get(shard);
    if (!writer) {
      const { store, broker, clock, decide } = this;
      writer = new ShardWriter(shard, store, broker, clock, decide);
      this.#writers.set(shard, writer);
    }
    return writer;
  }

  take(batch: SourceBatch<Message>): Promise<bigint> {
    return this.of(batch.shard).take(batch);
  }
}

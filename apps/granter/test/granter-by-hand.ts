import { Registry } from 'prom-client';
import {
  contentHash,
  eventKey,
  TOPICS,
  type ActivityEvent,
} from '@app/contracts';
import type { ChainTip } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import { ProgramSet, type ActivityInput } from '@app/programs';
import { ShardWriter, toIntake, type Broker, type Clock } from '@app/streaming';
import {
  granting,
  type GranterMessage,
  type GranterState,
  type GranterWork,
} from '../src/grant.js';
import { GranterMetrics } from '../src/granter.metrics.js';
import { GranterStore } from '../src/granter.store.js';
import { PoolLeases } from '../src/pool-leases.js';
import type { ProgramSource } from '../src/followed-programs.js';
import { fixedPrograms } from './fixed-programs.js';

export const silentBroker: Broker = { publish: () => Promise.resolve() };

/** A clock that stands where it is put. */
export class SetClock implements Clock {
  /** @param atMs milliseconds since the epoch */
  constructor(public atMs: number) {}

  nowMs(): number {
    return this.atMs;
  }
}

/** The activity of one shard as Kafka holds it: every message has its place. */
export class ActivityLog {
  readonly #messages: GranterMessage[] = [];
  /** Events that were given as inputs. */
  readonly #given = new Set<string>();

  constructor(readonly shard: number) {}

  add(events: readonly ActivityEvent[]): GranterMessage[] {
    const first = this.#messages.length;
    const added = events.map((event, i) =>
      this.#messageOf(event, BigInt(first + i)),
    );
    this.#messages.push(...added);
    return added;
  }

  /** Messages from one position up to another as a granter in memory takes them: each event once. */
  inputs(from: bigint, next: bigint): ActivityInput[] {
    return this.inputsOf(this.between(from, next));
  }

  between(from: bigint, next: bigint): GranterMessage[] {
    return this.#messages.slice(Number(from), Number(next));
  }

  /** Those of the messages that did not come before. */
  inputsOf(messages: readonly GranterMessage[]): ActivityInput[] {
    return messages.flatMap(({ position, read }) => {
      if (!read.ok) return [];
      const { event, key } = read;
      const name = key.toString('hex');
      if (this.#given.has(name)) return [];
      this.#given.add(name);
      const { source, id } = event;
      const reference = {
        topic: TOPICS.activity,
        partition: this.shard,
        offset: String(position),
        source,
        id,
      };
      return [{ event, reference }];
    });
  }

  at(...offsets: bigint[]): GranterMessage[] {
    return offsets.map((offset) => this.#messages[Number(offset)]!);
  }

  #messageOf(event: ActivityEvent, position: bigint): GranterMessage {
    const { shard: partition } = this;
    return toIntake(
      {
        topic: TOPICS.activity,
        partition,
        position,
        key: null,
        value: null,
        headers: {},
      },
      {
        ok: true,
        event,
        key: eventKey(event.source, event.id),
        hash: contentHash(event),
      },
      () => partition,
    );
  }
}

/** A process that grants for one shard on PostgreSQL, each batch by hand. */
export class GranterByHand {
  readonly store: GranterStore;
  readonly registry = new Registry();
  readonly #writer: ShardWriter<
    GranterMessage,
    ChainTip,
    GranterState,
    GranterWork
  >;

  constructor(
    pool: Pool,
    readonly shard: number,
    programs: ProgramSet | ProgramSource,
    clock: Clock,
    leases?: PoolLeases,
  ) {
    const source =
      programs instanceof ProgramSet ? fixedPrograms(programs) : programs;
    this.store = new GranterStore(
      pool,
      source,
      new GranterMetrics(this.registry),
      leases ?? new PoolLeases(pool, source, 64),
    );
    this.#writer = new ShardWriter(
      shard,
      this.store,
      silentBroker,
      clock,
      granting,
    );
  }

  /** Takes messages as the consumer does: again from where the writer says, until they are taken. */
  async take(messages: readonly GranterMessage[]): Promise<void> {
    const [first] = messages;
    if (!first) return;
    const batch = {
      source: TOPICS.activity,
      shard: this.shard,
      from: first.position,
      next: messages.at(-1)!.position + 1n,
      earliest: 0n,
      messages,
    };
    while ((await this.#writer.take(batch)) < batch.next);
  }

  /** Lets the clock decide, as the timer does; answers whether this process still has the shard. */
  tick(): Promise<boolean> {
    return this.#writer.takeUnpositioned([]);
  }
}

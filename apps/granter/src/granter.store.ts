import type { ActivityEvent } from '@app/contracts';
import type { ChainTip } from '@app/ledger';
import {
  commitToJournal,
  insertLots,
  Quarters,
  readActivityKeptFromMs,
  readJournalHead,
  readSeenEvents,
  type Pool,
} from '@app/ledger/postgres';
import {
  countEvents,
  PROGRAM_CHANGES,
  progressNeeded,
  recountsNeeded,
  type ActivityInput,
  type ProgramSet,
} from '@app/programs';
import {
  HeadMovedError,
  sortIntake,
  systemClock,
  type AcceptedEvent,
  type Commit,
  type Committed,
  type Head,
  type ShardStore,
} from '@app/streaming';
import type { ProgramSource } from './followed-programs.js';
import type { GranterMessage, GranterState, GranterWork } from './grant.js';
import type { GranterMetrics } from './granter.metrics.js';
import type { PoolLeases } from './pool-leases.js';
import { insertActivity } from './store/activity.js';
import { readFacts, saveFacts } from './store/facts.js';
import {
  beginning,
  readGoalStarts,
  saveGoalStarts,
  type GoalStarts,
} from './store/goal-starts.js';
import { readFunds } from './store/funds.js';
import {
  readDueRows,
  readDueShards,
  readProgress,
  saveProgress,
} from './store/progress.js';
import { countAnew } from './store/recounts.js';
import { readSubjectsOf } from './store/subjects.js';

const JOURNAL = 'grants';
/** Rows that the clock decides in one transaction. */
const DUE_ROWS = 500;

/** The granter's shards in PostgreSQL. */
export class GranterStore implements ShardStore<
  GranterMessage,
  ChainTip,
  GranterState,
  GranterWork
> {
  readonly #quarters: Quarters;
  readonly #starts = new Map<number, GoalStarts>();

  constructor(
    private readonly pool: Pool,
    private readonly programs: ProgramSource,
    private readonly metrics: GranterMetrics,
    private readonly leases: PoolLeases,
  ) {
    this.#quarters = new Quarters(pool);
  }

  readHead(shard: number): Promise<Head<ChainTip>> {
    return readJournalHead(this.pool, JOURNAL, shard);
  }

  async load(
    shard: number,
    messages: readonly GranterMessage[],
    nowMs: number,
    consumed: Head<ChainTip>['consumed'],
  ): Promise<GranterState> {
    const { pool } = this;
    const set = await this.programs.setAt(consumed[PROGRAM_CHANGES]);
    const read = messages.flatMap(({ read: it }) =>
      it.ok && it.partition === shard ? [it] : [],
    );
    const events = read.map(({ event }) => event);
    const [due, starts, keptFromMs] = await Promise.all([
      readDueRows(pool, shard, nowMs, { limit: DUE_ROWS, except: set.paused }),
      this.#startsOf(shard, set, messages),
      readActivityKeptFromMs(pool),
    ]);
    const merchantIds = [
      ...new Set([...events, ...due].map(({ merchantId }) => merchantId)),
    ];
    const [seen, funds, facts, subjects] = await Promise.all([
      readSeenEvents(
        pool,
        'activity',
        shard,
        read.map(({ key }) => key),
      ),
      readFunds(pool, shard, merchantIds),
      readFacts(pool, shard, merchantIds),
      readSubjectsOf(pool, set, shard, events, starts.all),
    ]);
    const intake = sortIntake(shard, messages, seen);
    const counted = countEvents(
      set,
      { facts, subjects, clockMs: nowMs, keptFromMs },
      intake.accepted.map(toInput),
    );
    const isIdle = messages.length === 0 && due.length === 0;
    const [progress, budgets] = await Promise.all([
      readProgress(pool, shard, progressNeeded(set, counted, due)),
      this.leases.prepare(shard, funds.pools, nowMs, isIdle),
    ]);
    const recounts = await countAnew(
      pool,
      set,
      shard,
      counted.events,
      recountsNeeded(counted, progress),
      starts.all,
    );
    return {
      ...funds,
      set,
      intake,
      counted,
      begun: starts.begun,
      budgets,
      facts,
      progress,
      due,
      recounts,
      clockMs: nowMs,
    };
  }

  /** Where pools had too little for a batch, more of them, as far as there is any. */
  async supply(
    shard: number,
    state: GranterState,
    { short }: GranterWork,
    nowMs: number,
  ): Promise<GranterState | null> {
    if (short.size === 0) return null;
    const { pools, budgets: moves } = state;
    const has = { pools, moves };
    const budgets = await this.leases.supply(shard, has, short, nowMs);
    return budgets && { ...state, budgets };
  }

  async commit({
    shard,
    head,
    consumed,
    work,
    nowMs,
  }: Commit<ChainTip, GranterWork>): Promise<Committed<ChainTip>> {
    await this.#quarters.ensure(
      'activity',
      work.accepted.map(({ event }) => event.occurredAtMs),
    );
    const committed = await commitToJournal(this.pool, {
      journal: JOURNAL,
      shard,
      head,
      consumed,
      drafts: work.drafts,
      nowMs,
      // The clock is an input like any other, and is written down with what it decided.
      tickedAtMs: work.clockMs,
      alongside: () => [
        ...insertActivity(shard, work.accepted),
        ...saveGoalStarts(shard, work.begun, work.set),
        ...saveFacts(shard, work.facts),
        ...saveProgress(shard, work.progress),
        ...insertLots(shard, work.lots),
      ],
    });
    if (!committed) throw new HeadMovedError(shard);
    this.metrics.committed(committed.entries, work, systemClock.nowMs());
    return { head: committed.head, publication: null };
  }

  /** The granter's entries call for no messages. */
  unpublished(): Promise<null> {
    return Promise.resolve(null);
  }

  markPublished(): Promise<void> {
    return Promise.resolve();
  }

  /** When goals began in a shard; those that are new begin with what is to be taken now. */
  async #startsOf(
    shard: number,
    { goalIds }: ProgramSet,
    [first]: readonly GranterMessage[],
  ): Promise<{ all: GoalStarts; begun: GoalStarts }> {
    let known = this.#starts.get(shard);
    // Where some are missing, another process may have begun them meanwhile.
    if (!known || ![...goalIds].every((id) => known!.has(id)))
      known = await readGoalStarts(this.pool, shard);
    const begun = first
      ? beginning(goalIds, known, first.position)
      : new Map<string, bigint>();
    // Kept once they are written down: a batch that fails may be taken by another process.
    if (begun.size === 0) this.#starts.set(shard, known);
    return { all: new Map([...known, ...begun]), begun };
  }

  /** Those of the shards in which the clock has something to decide: milliseconds since the epoch. */
  readDueShards(shards: readonly number[], nowMs: number): Promise<number[]> {
    return readDueShards(this.pool, shards, nowMs, this.programs.latest.paused);
  }
}

function toInput({
  event,
  message,
}: AcceptedEvent<ActivityEvent>): ActivityInput {
  const { topic, partition, position } = message;
  const { source, id } = event;
  return {
    event,
    reference: { topic, partition, offset: String(position), source, id },
  };
}

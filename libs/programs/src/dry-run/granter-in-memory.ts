import type { Unit } from '@app/contracts';
import {
  countEvent,
  type ActivityInput,
  type CountedEvent,
} from '../count/count.js';
import type { CountingTime } from '../count/counting-time.js';
import { DecidedBatch, type GrantOutcome } from '../decide/decide.js';
import {
  UNKNOWN_MERCHANT,
  type MerchantFacts,
} from '../count/merchant-facts.js';
import type { OpenRow } from '../decide/open-row.js';
import { OpenRows, type KnownProgress } from '../decide/open-rows.js';
import { poolKey } from '../decide/pool.js';
import type { ProgramSet } from '../published/program-set.js';
import {
  rowKey,
  type PeriodProgress,
  type ProgressAddress,
} from '../progress.js';
import { bySubject, Recount } from '../count/recount.js';
import { streamOf } from '../count/subject.js';
import { MerchantInMemory } from './merchant-in-memory.js';

export interface InMemoryOptions {
  shard?: number;
  /** Whose events are remembered, so that they can be counted anew: see `recountsNeeded`. */
  remembers?: (merchantId: string) => boolean;
  /** From when on activity is kept: milliseconds since the epoch; by default none is forgotten. */
  keptFromMs?: number;
  /** Told each event as it was counted. */
  onCounted?: (event: CountedEvent) => void;
}

/**
 * One shard's granter with all of its state in memory: it dry-runs programs over recorded activity, and is what tests
 * and benchmarks run. Its memory grows with merchants, their orders, and the events of those that it remembers.
 */
export class GranterInMemory {
  /** By {@link poolKey}. */
  readonly pools = new Map<string, bigint>();
  /** By `purseKey`: what merchants owe. */
  readonly owed = new Map<string, bigint>();
  /** By `purseKey`: what merchants are to be paid. */
  readonly payable = new Map<string, bigint>();
  readonly #merchants = new Map<string, MerchantInMemory>();
  /** They stay open from batch to batch. */
  #rows = new OpenRows(new Map());
  /** With when they are due. */
  #due = new Map<OpenRow, number>();
  #nextDueMs = Infinity;
  readonly #shard: number;
  readonly #remembers: (merchantId: string) => boolean;
  readonly #onCounted: (event: CountedEvent) => void;
  #sequence = 0n;
  #time: CountingTime;

  #set: ProgramSet;

  constructor(
    set: ProgramSet,
    {
      shard = 0,
      remembers = () => true,
      keptFromMs = -Infinity,
      onCounted = () => undefined,
    }: InMemoryOptions = {},
  ) {
    this.#set = set;
    this.#shard = shard;
    this.#remembers = remembers;
    this.#time = { clockMs: -Infinity, keptFromMs };
    this.#onCounted = onCounted;
    this.fund();
  }

  /** See {@link InMemoryOptions}. */
  set keptFromMs(keptFromMs: number) {
    this.#time = { ...this.#time, keptFromMs };
  }

  get set(): ProgramSet {
    return this.#set;
  }

  /** Other programs, from the next event on: goals that are new count nothing of what came before. */
  set set(set: ProgramSet) {
    const known = this.#set.goalIds;
    const begun = [...set.goalIds].filter((id) => !known.has(id));
    for (const merchant of this.#merchants.values()) merchant.beginGoals(begun);
    this.#set = set;
    this.#openAgain();
  }

  /** Gives the shard its pools, whole: those of a program's versions add up. */
  fund(): void {
    this.pools.clear();
    for (const { program, pools } of this.set.programs)
      for (const [unit, amount] of Object.entries(pools)) {
        const key = poolKey(program, unit as Unit);
        this.pools.set(key, (this.pools.get(key) ?? 0n) + amount);
      }
  }

  /** By merchant and {@link rowKey}. Rows move with later batches. */
  get progress(): KnownProgress {
    return this.#rows.all();
  }

  get merchants(): number {
    return this.progress.size;
  }

  /** By merchant, where anything is known. */
  get facts(): ReadonlyMap<string, MerchantFacts> {
    return new Map(
      Array.from(
        this.#merchants,
        ([id, { facts }]) => [id, facts] as const,
      ).filter(([, facts]) => facts !== UNKNOWN_MERCHANT),
    );
  }

  factsOf(merchantId: string): MerchantFacts {
    return this.#merchants.get(merchantId)?.facts ?? UNKNOWN_MERCHANT;
  }

  /** When the clock next has something to decide: milliseconds since the epoch, `Infinity` for never. */
  get nextDueMs(): number {
    return this.#nextDueMs;
  }

  /** Moves the clock, and lets it decide what is due then: milliseconds since the epoch. */
  tick(clockMs: number): GrantOutcome {
    return this.run([], clockMs);
  }

  /**
   * Takes events as one batch, each of them once, and keeps what comes of them. The rows of the outcome move with later
   * batches. Where it throws, the granter is of no more use.
   *
   * @param clockMs what time it is then, never before the last time: milliseconds since the epoch
   */
  run(
    inputs: readonly ActivityInput[],
    clockMs: number = this.#time.clockMs,
  ): GrantOutcome {
    this.#time = { ...this.#time, clockMs };
    const batch = new DecidedBatch(
      this.set,
      this.#rows,
      {
        pools: this.pools,
        owed: this.owed,
        payable: this.payable,
        facts: { get: (merchantId) => this.factsOf(merchantId) },
        due: this.#dueUntil(clockMs),
        recounts: { get: (event) => this.#recount(event) },
        clockMs,
      },
      { shard: this.#shard, sequence: this.#sequence },
    );
    for (const input of inputs) batch.take(this.#count(input));
    const outcome = batch.outcome();
    this.#sequence += BigInt(outcome.drafts.length);
    for (const row of outcome.rescheduled) this.#schedule(row, row.dueAtMs);
    for (const row of outcome.progress) this.#keep(row);
    keepAll(this.pools, outcome.funds.pools);
    keepAll(this.owed, outcome.funds.owed);
    keepAll(this.payable, outcome.funds.payable);
    return outcome;
  }

  /** How a row of progress is kept. */
  protected kept(progress: PeriodProgress): PeriodProgress {
    return progress;
  }

  #dueUntil(clockMs: number): ProgressAddress[] {
    if (clockMs < this.#nextDueMs) return [];
    const due: { address: ProgressAddress; atMs: number }[] = [];
    this.#nextDueMs = Infinity;
    for (const [{ address }, atMs] of this.#due)
      if (atMs <= clockMs && !this.set.isPaused(address.program))
        due.push({ address, atMs });
      else this.#nextDueMs = Math.min(this.#nextDueMs, atMs);
    return due
      .sort(
        (a, b) =>
          a.atMs - b.atMs || (dueKey(a.address) < dueKey(b.address) ? -1 : 1),
      )
      .map(({ address }) => address);
  }

  #keep(row: OpenRow): void {
    const kept = this.#rows.keep(row, this.kept(row));
    if (kept === row) return;
    this.#schedule(row, null);
    this.#schedule(kept, row.dueAtMs);
  }

  #schedule(row: OpenRow, dueAtMs: number | null): void {
    if (dueAtMs === null) this.#due.delete(row);
    else {
      this.#due.set(row, dueAtMs);
      this.#nextDueMs = Math.min(this.#nextDueMs, dueAtMs);
    }
  }

  /** Rows are found by the places that goals have in a set. */
  #openAgain(): void {
    this.#rows = new OpenRows(this.progress);
    const due = [...this.#due].map(
      ([{ address }, atMs]) => [this.#rows.at(address), atMs] as const,
    );
    this.#due = new Map(due);
  }

  #count(input: ActivityInput): CountedEvent {
    const merchant = this.#merchant(input.event.merchantId);
    const counted = countEvent(merchant, this.set, input, this.#time);
    this.#onCounted(counted);
    merchant.remember(counted);
    return counted;
  }

  #merchant(merchantId: string): MerchantInMemory {
    let merchant = this.#merchants.get(merchantId);
    if (!merchant) {
      merchant = new MerchantInMemory(this.#remembers(merchantId));
      this.#merchants.set(merchantId, merchant);
    }
    return merchant;
  }

  /** All that is remembered by then. */
  #recount({ event, facts }: CountedEvent): Recount {
    const merchant = this.#merchant(event.merchantId);
    const recount = new Recount(this.set, facts, merchant, streamOf(event));
    const { remembered } = merchant;
    for (const events of bySubject(remembered).values()) recount.add(events);
    return recount;
  }
}

function dueKey(address: ProgressAddress): string {
  return `${address.merchantId}\n${rowKey(address)}`;
}

function keepAll<Value>(
  known: Map<string, Value>,
  changed: ReadonlyMap<string, Value>,
): void {
  for (const [key, value] of changed) known.set(key, value);
}

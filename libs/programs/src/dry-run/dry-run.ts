import type { ActivityInput } from '../count/count.js';
import {
  MerchantDifferences,
  type DryRunDifferences,
} from './dry-run-differences.js';
import type { DryRunReport } from './dry-run-report.js';
import { DryRunSums, type KeptByUnit } from './dry-run-sums.js';
import { GranterInMemory } from './granter-in-memory.js';
import { isIn } from '../time/period.js';
import { isEligible, ProgramSet } from '../published/program-set.js';
import type { Program, Span } from '../program.js';

export interface DryRunOptions {
  draft: Program;
  /** What it is put beside; null for none. */
  running: Program | null;
  /** What happened in it is counted; what was before tells no more than who merchants are. */
  span: Span;
  /** How many merchants are told of each list. */
  top: number;
  /** See `CountingTime`; by default none is forgotten. */
  keptFromMs?: number;
}

/** What was run over. */
export interface DryRunActivity {
  /** Events in the span, and merchants with any. */
  events: number;
  merchants: number;
  /** When the first and the last of them happened: milliseconds since the epoch; null where there is none. */
  firstMs: number | null;
  lastMs: number | null;
  /** Events from before the span. */
  earlierEvents: number;
}

export interface DryRunResult {
  activity: DryRunActivity;
  draft: DryRunReport;
  /** Null where the draft was put beside none; the differences too. */
  running: DryRunReport | null;
  differences: DryRunDifferences | null;
}

/**
 * What a draft would have granted for recorded activity, beside the running version of its program. Pure. Shard by
 * shard, with the state of one shard in memory at a time.
 *
 * - Each version is run as if it had held alone, from the beginning of the span on: its own `startsAt` is set aside, and
 *   every merchant begins at zero.
 * - The clock is that of the events: the latest that has come in the shard, by its own time. What settles does so by it,
 *   and late is what is late by it. After the last event it goes on until all has settled.
 * - A pool is one for all shards. Where it runs dry, what it pays is right, and who goes without is by shard.
 */
export class DryRun {
  readonly #draft: VersionRun;
  readonly #running: VersionRun | null;
  readonly #differences: MerchantDifferences;
  readonly #span: Span;
  readonly #activity: DryRunActivity = {
    events: 0,
    merchants: 0,
    firstMs: null,
    lastMs: null,
    earlierEvents: 0,
  };
  /** Of the shard. */
  #merchants = new Set<string>();
  #clockMs = -Infinity;

  constructor(options: DryRunOptions) {
    const { draft, running, span, top } = options;
    this.#span = span;
    this.#draft = new VersionRun(draft, options);
    this.#running = running && new VersionRun(running, options);
    this.#differences = new MerchantDifferences(top);
  }

  /** @param isRecounted whether what a merchant did may have to be counted anew: see `recountsNeeded` */
  beginShard(
    shard: number,
    isRecounted: (merchantId: string) => boolean,
  ): void {
    this.#merchants = new Set();
    this.#clockMs = -Infinity;
    for (const run of this.#runs) run.beginShard(shard, isRecounted);
  }

  /** Takes an accepted event of the shard; each once, in the order of their arrival. What is behind the span is left out. */
  take(input: ActivityInput): void {
    const { occurredAtMs, merchantId } = input.event;
    if (occurredAtMs >= this.#span.untilMs) return;
    this.#clockMs = Math.max(this.#clockMs, occurredAtMs);
    if (isIn(this.#span, occurredAtMs)) {
      const activity = this.#activity;
      activity.events += 1;
      activity.firstMs = Math.min(activity.firstMs ?? Infinity, occurredAtMs);
      activity.lastMs = Math.max(activity.lastMs ?? -Infinity, occurredAtMs);
      this.#merchants.add(merchantId);
    } else this.#activity.earlierEvents += 1;
    for (const run of this.#runs) run.take(input, this.#clockMs);
  }

  endShard(): void {
    this.#activity.merchants += this.#merchants.size;
    const kept = this.#draft.endShard();
    if (this.#running)
      this.#differences.takeShard(kept, this.#running.endShard());
  }

  result(): DryRunResult {
    const draft = this.#draft.report();
    const running = this.#running?.report() ?? null;
    return {
      activity: this.#activity,
      draft,
      running,
      differences: running && this.#differences.between(draft, running),
    };
  }

  get #runs(): VersionRun[] {
    return this.#running ? [this.#draft, this.#running] : [this.#draft];
  }
}

/** One version over the shards, one after the other. */
class VersionRun {
  readonly #set: ProgramSet;
  readonly #sums: DryRunSums;
  readonly #span: Span;
  readonly #keptFromMs: number;
  #pools: ReadonlyMap<string, bigint> | null = null;
  #granter: GranterInMemory | null = null;
  /** Of the shard: merchants that were eligible at an event of theirs. */
  #eligible = new Set<string>();

  constructor(
    private readonly program: Program,
    { span, top, keptFromMs = -Infinity }: DryRunOptions,
  ) {
    this.#span = span;
    this.#keptFromMs = keptFromMs;
    const startsAtMs = span.fromMs === -Infinity ? null : span.fromMs;
    this.#set = new ProgramSet([{ ...program, startsAtMs }]);
    this.#sums = new DryRunSums(program, top);
  }

  beginShard(
    shard: number,
    isRecounted: (merchantId: string) => boolean,
  ): void {
    const granter = new GranterInMemory(this.#set, {
      shard,
      remembers: isRecounted,
      keptFromMs: this.#keptFromMs,
      onCounted: ({ lateFor }) => {
        if (lateFor.length > 0) this.#sums.takeLate(lateFor.map(goalOf));
      },
    });
    for (const [key, left] of this.#pools ?? []) granter.pools.set(key, left);
    this.#granter = granter;
    this.#eligible = new Set();
  }

  take(input: ActivityInput, clockMs: number): void {
    const granter = this.#granter!;
    this.#settleUntil(clockMs);
    this.#sums.take(granter.run([input], clockMs));
    const { merchantId, occurredAtMs } = input.event;
    if (this.#eligible.has(merchantId) || !isIn(this.#span, occurredAtMs))
      return;
    const facts = granter.factsOf(merchantId);
    if (isEligible(this.program, facts, occurredAtMs))
      this.#eligible.add(merchantId);
  }

  endShard(): KeptByUnit {
    this.#settleUntil(Number.MAX_SAFE_INTEGER);
    this.#pools = this.#granter!.pools;
    this.#granter = null;
    return this.#sums.endShard(this.#eligible.size);
  }

  report(): DryRunReport {
    return this.#sums.report();
  }

  /** What is due is decided when it is, ahead of what comes later: so the pool is spent in that order. */
  #settleUntil(clockMs: number): void {
    const granter = this.#granter!;
    while (granter.nextDueMs <= clockMs)
      this.#sums.take(granter.tick(granter.nextDueMs));
  }
}

/** @param id see `HeldGoal.id` */
function goalOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

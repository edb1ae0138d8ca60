import type { EntryDraft, NewLot } from '@app/ledger';
import {
  BatchJournal,
  type Funds,
  type JournalPlace,
} from './batch-journal.js';
import { BatchRows, type KnownProgress } from './batch-rows.js';
import type { CountedEvent, GoalChange } from './count.js';
import { metricValue } from './deserved.js';
import { lookAt } from './look.js';
import { UNKNOWN_MERCHANT, type MerchantFacts } from './merchant-facts.js';
import type { OpenRow } from './open-row.js';
import { mayPay, Payer } from './pay.js';
import type { Piece } from './piece.js';
import {
  isOpen,
  settlesAtMs,
  type HeldGoal,
  type ProgramSet,
} from './program-set.js';
import type { PeriodProgress, ProgressAddress } from './progress.js';
import type { Recounted } from './recount.js';
import type { UnpaidReward } from './reward-entry.js';
import { counted } from './standing.js';
import { TakerBack } from './take-back.js';

/** What deciding on a batch needs to know. None of it is changed. */
export interface GrantState extends Funds {
  /** The rows of `progressNeeded`, where there are any. */
  progress: KnownProgress;
  /** By merchant: what is known of those whose rows are due, before the batch. */
  facts: ReadonlyMap<string, MerchantFacts>;
  /** Rows that the clock may have something to decide in. */
  due: readonly ProgressAddress[];
  /** By event: what flags on sessions and merchants leave. */
  recounts: ReadonlyMap<CountedEvent, Recounted>;
  /** What time it is: milliseconds since the epoch. */
  clockMs: number;
}

/** What a batch led to. Progress is that of the rows that it touched, as they are after it. */
export interface GrantOutcome {
  drafts: EntryDraft[];
  progress: ChangedProgress[];
  lots: NewLot[];
  unpaid: UnpaidReward[];
  /** By {@link poolKey}: what pools had too little for, in all. */
  short: ReadonlyMap<string, bigint>;
}

export interface ChangedProgress {
  address: ProgressAddress;
  /** See {@link rowKey}. */
  key: string;
  progress: PeriodProgress;
  /** When the clock has something to decide in it: milliseconds since the epoch; null for never. */
  dueAtMs: number | null;
}

/**
 * What a batch of one shard earns and loses: first what the clock has brought to its end, then each event in its order.
 * Pure: the same call gives the same entries, and at one time batches cut in another way give the same grants.
 *
 * A goal pays the difference between what its value deserves and what it has paid, also where a cap or the pool had too
 * little for it: what was missing is named (in the entry, or among the unpaid) and never made good by a later event.
 *
 * What a merchant owes is settled out of its grants first, in their order.
 *
 * @param events as `countEvents` has counted them
 */
export function decideGrants(
  set: ProgramSet,
  state: GrantState,
  events: readonly CountedEvent[],
  place: JournalPlace,
): GrantOutcome {
  const batch = new Batch(set, state, place);
  batch.settleDue();
  for (const event of events) batch.take(event);
  return batch.outcome();
}

class Batch {
  readonly #rows: BatchRows;
  readonly #journal: BatchJournal;
  readonly #payer: Payer;
  readonly #takerBack: TakerBack;

  constructor(
    private readonly set: ProgramSet,
    private readonly state: GrantState,
    place: JournalPlace,
  ) {
    this.#rows = new BatchRows(state.progress);
    this.#journal = new BatchJournal(state, place);
    this.#payer = new Payer(this.#rows, this.#journal);
    this.#takerBack = new TakerBack(this.#journal);
  }

  outcome(): GrantOutcome {
    const { drafts, lots, unpaid, short } = this.#journal;
    const progress = Array.from(this.#rows.changed(), (row) => ({
      address: row.address,
      key: row.key,
      progress: row.progress,
      dueAtMs: this.#dueAtMs(row),
    }));
    return { drafts, progress, lots, unpaid, short };
  }

  settleDue(): void {
    for (const address of this.state.due) {
      const row = this.#rows.at(address);
      const facts =
        this.state.facts.get(address.merchantId) ?? UNKNOWN_MERCHANT;
      for (const goal of this.#settling(row)) {
        const name = goal.goal.goal;
        const atMs = settlesAtMs(goal, row.endMs!)!;
        if (atMs > this.state.clockMs) continue;
        const look = { row, goal, facts, atMs, references: [] };
        this.#payer.pay({ ...look, isSettlement: true });
        row.stand(name, { ...row.standing(name), state: 'settled' });
      }
      // Kept anew in any case: of a program that was taken away nothing settles, and its row is to be due no longer.
      row.isChanged = true;
    }
  }

  take(event: CountedEvent): void {
    for (const change of event.changes) this.#change(event, change);
    const recounted = this.state.recounts.get(event);
    if (recounted) this.#applyRecount(event, recounted);
    if (event.event.type === 'merchant.registered') this.#lookAgain(event);
  }

  #change(event: CountedEvent, { goal, pieces }: GoalChange): void {
    if (pieces.length === 1) {
      this.#changePeriod(event, goal, pieces);
      return;
    }
    const byPeriod = new Map<string, Piece[]>();
    for (const piece of pieces) {
      const others = byPeriod.get(piece.period.key);
      if (others) others.push(piece);
      else byPeriod.set(piece.period.key, [piece]);
    }
    for (const ofPeriod of byPeriod.values())
      this.#changePeriod(event, goal, ofPeriod);
  }

  /** @param pieces of one period */
  #changePeriod(
    event: CountedEvent,
    goal: HeldGoal,
    pieces: readonly Piece[],
  ): void {
    const [{ period }] = pieces as [Piece];
    const { endMs } = period;
    const row = this.#rows.of(event.event.merchantId, goal.held, period);
    if (row.endMs === null && endMs !== Infinity) row.endMs = endMs;
    const name = goal.goal.goal;
    const before = row.standing(name);
    let after = before;
    let atMs = -Infinity;
    for (const piece of pieces) {
      after = counted(after, piece);
      if (piece.atMs > atMs) atMs = piece.atMs;
    }
    row.stand(name, after);
    const was = metricValue(goal.goal, before);
    const value = metricValue(goal.goal, after);
    if (value > was) {
      const paysAtOnce = goal.goal.settlesAfterMs === null;
      if (
        paysAtOnce &&
        mayPay(goal.goal, after, value) &&
        isOpen(goal.held.program, atMs)
      )
        this.#payer.pay(lookAt(event, row, goal));
    } else if (value < was)
      this.#takerBack.takeBack(lookAt(event, row, goal), event.because);
  }

  /** A flag on a session or a merchant: its goals stand where counting anew puts them. */
  #applyRecount(event: CountedEvent, recounted: Recounted): void {
    const { merchantId, occurredAtMs } = event.event;
    const isOnMerchant =
      event.event.type === 'risk.flagged' &&
      event.event.data.target.kind === 'merchant';
    for (const row of this.#rows.allOf(merchantId)) {
      const { program, period } = row.address;
      for (const name of Object.keys(row.goals)) {
        const goal = this.set.goalAt(program, period, name, occurredAtMs);
        if (!goal) continue;
        const before = row.standing(name);
        const { value, days } = recounted.standing(row.address, name);
        const after = { ...before, value, days };
        row.stand(name, after);
        if (isOnMerchant && goal.held.program.takeBack.flags === 'all')
          this.#takerBack.takeAll(lookAt(event, row, goal), 'flag');
        else if (metricValue(goal.goal, after) < metricValue(goal.goal, before))
          this.#takerBack.takeBack(lookAt(event, row, goal), 'flag');
      }
    }
  }

  /** What became known of a merchant may make it eligible for what it has reached. */
  #lookAgain(event: CountedEvent): void {
    const { merchantId, occurredAtMs } = event.event;
    for (const row of this.#rows.allOf(merchantId)) {
      const { program, period } = row.address;
      for (const name of Object.keys(row.goals)) {
        const goal = this.set.goalAt(program, period, name, occurredAtMs);
        if (!goal || goal.held.isPaused) continue;
        if (goal.held.program.eligible === null) continue;
        const isPast =
          goal.goal.period === 'lifetime' &&
          !isOpen(goal.held.program, occurredAtMs);
        if (goal.goal.settlesAfterMs === null && !isPast)
          this.#payer.pay(lookAt(event, row, goal));
      }
    }
  }

  /** The goals of a row that the clock is still to decide. */
  #settling({ address, endMs, goals }: OpenRow): HeldGoal[] {
    const settling: HeldGoal[] = [];
    const { program, period } = address;
    if (endMs === null || !this.set.settles(program)) return settling;
    for (const name in goals) {
      if (goals[name]!.state !== 'open') continue;
      const goal = this.set.goalAt(program, period, name, endMs - 1);
      if (goal && goal.goal.settlesAfterMs !== null) settling.push(goal);
    }
    return settling;
  }

  /** When the clock has something to decide in a row. */
  #dueAtMs(row: OpenRow): number | null {
    let dueAtMs: number | null = null;
    for (const goal of this.#settling(row)) {
      const atMs = settlesAtMs(goal, row.endMs!)!;
      if (dueAtMs === null || atMs < dueAtMs) dueAtMs = atMs;
    }
    return dueAtMs;
  }
}

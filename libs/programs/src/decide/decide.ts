import type { EntryDraft, NewLot } from '@app/ledger';
import {
  BatchJournal,
  type Funds,
  type JournalPlace,
} from './batch-journal.js';
import type { CountedEvent } from '../count/count.js';
import { mayCountOtherwise, type AirtimeChange } from '../count/on-air.js';
import { becameEligible } from './became-eligible.js';
import { lookAt } from './look.js';
import {
  UNKNOWN_MERCHANT,
  type MerchantFacts,
} from '../count/merchant-facts.js';
import { isRecounted } from './recounts-needed.js';
import { metricValue } from './deserved.js';
import type { OpenGoal, OpenRow } from './open-row.js';
import { OpenRows, type KnownProgress } from './open-rows.js';
import { Payer } from './pay.js';
import {
  isOpen,
  settlesAtMs,
  type HeldGoal,
  type ProgramSet,
} from '../published/program-set.js';
import type {
  GoalStanding,
  PeriodProgress,
  ProgressAddress,
} from '../progress.js';
import type { Recounted } from '../count/recount.js';
import type { UnpaidReward } from './reward-entry.js';
import { TakerBack } from './take-back.js';

/** What deciding on a batch needs to know beside progress. None of it is changed. */
export interface Circumstances extends Funds {
  /** By merchant: what is known of those whose rows are due, before the batch. */
  facts: Pick<ReadonlyMap<string, MerchantFacts>, 'get'>;
  /** Rows that the clock may have something to decide in. */
  due: readonly ProgressAddress[];
  /** By event, where it is needed (see `recountsNeeded`): all that the merchant did by then, counted anew. */
  recounts: Pick<ReadonlyMap<CountedEvent, Recounted>, 'get'>;
  /** What time it is: milliseconds since the epoch. */
  clockMs: number;
}

/** What deciding on a batch needs to know. None of it is changed. */
export interface GrantState extends Circumstances {
  /** The rows of `progressNeeded`, where there are any. */
  progress: KnownProgress;
}

/** What a batch led to. Progress is that of the rows that it touched, as they are after it. */
export interface GrantOutcome {
  drafts: EntryDraft[];
  progress: readonly ChangedRow[];
  lots: NewLot[];
  unpaid: UnpaidReward[];
  /** By {@link poolKey}: what pools had too little for, in all. */
  short: ReadonlyMap<string, bigint>;
  /** What pools and merchants have after it, of what it changed. */
  funds: Funds;
}

export interface ChangedRow extends PeriodProgress {
  readonly address: ProgressAddress;
  /** See {@link rowKey}. */
  readonly key: string;
  /** When the clock has something to decide in it: milliseconds since the epoch; null for never. */
  readonly dueAtMs: number | null;
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
  const rows = new OpenRows(state.progress);
  const batch = new DecidedBatch(set, rows, state, place);
  for (const event of events) batch.take(event);
  return batch.outcome();
}

/** What a batch led to over rows that are open. */
export interface OpenOutcome extends GrantOutcome {
  progress: readonly OpenRow[];
  /** Those of them that the clock may have something to decide in at another time than before. */
  rescheduled: readonly OpenRow[];
}

/**
 * The same over rows that are open, and move: whoever keeps them has no need to open them again for the next batch, and
 * can count each event when the one ahead is decided. What is due is decided at its beginning.
 */
export class DecidedBatch {
  readonly #journal: BatchJournal;
  readonly #payer: Payer;
  readonly #takerBack: TakerBack;

  constructor(
    private readonly set: ProgramSet,
    private readonly rows: OpenRows,
    private readonly circumstances: Circumstances,
    place: JournalPlace,
  ) {
    this.#journal = new BatchJournal(circumstances, place);
    this.#payer = new Payer(rows, this.#journal);
    this.#takerBack = new TakerBack(set, this.#journal, circumstances.clockMs);
    this.#settleDue();
  }

  outcome(): OpenOutcome {
    const { drafts, lots, unpaid, short, funds } = this.#journal;
    const progress = this.rows.takeChanged();
    const rescheduled = progress.filter(({ isDueUnknown }) => isDueUnknown);
    for (const row of rescheduled) row.dueAt(this.#dueAtMs(row));
    return { drafts, progress, rescheduled, lots, unpaid, short, funds };
  }

  #settleDue(): void {
    const { due, facts: known, clockMs } = this.circumstances;
    for (const address of due) {
      const row = this.rows.at(address);
      const facts = known.get(address.merchantId) ?? UNKNOWN_MERCHANT;
      for (const goal of this.#settling(row)) {
        const atMs = settlesAtMs(goal, row.endMs!)!;
        if (atMs > clockMs) continue;
        const open = row.goal(goal.goal.goal);
        const look = { open, goal, facts, atMs, references: [] };
        this.#payer.pay({ ...look, isSettlement: true });
        open.keepPaid(open.paid, 'settled');
      }
      // Kept anew in any case: of a program that was taken away nothing settles, and its row is to be due no longer.
      row.change();
    }
  }

  take(event: CountedEvent): void {
    const { changes } = event;
    for (let place = 0; place < changes.length;)
      place = this.#change(event, place);
    if (isRecounted(event.event)) this.#applyFlag(event);
    for (const airtime of event.airtimes) this.#applyAirtime(event, airtime);
    if (event.facts !== event.factsBefore) this.#lookAgain(event);
  }

  /**
   * Takes what an event changes in a goal's period, which is decided as one.
   *
   * @param from the place of its first piece
   * @returns that behind its last one
   */
  #change(event: CountedEvent, from: number): number {
    const { changes } = event;
    const { goal, period } = changes[from]!;
    const open = this.rows.goal(event.event.merchantId, goal, period);
    const was = open.valueOf(goal);
    const { days } = open;
    let isOpenThen = false;
    let place = from;
    for (; place < changes.length; place++) {
      const piece = changes[place]!;
      if (piece.goal !== goal || piece.period.key !== period.key) break;
      open.count(piece);
      if (piece.atMs !== null && piece.amount > 0)
        open.row.countedAt(piece.atMs);
      isOpenThen ||= piece.isOpen;
    }
    const value = open.valueOf(goal);
    if (value < was || (value === was && this.#hasFewerDays(open, goal, days)))
      this.#takerBack.takeBack(lookAt(event, open, goal), event.because);
    else if (
      value > was &&
      goal.goal.settlesAfterMs === null &&
      isOpenThen &&
      open.mayPay(goal, value)
    )
      this.#payer.pay(lookAt(event, open, goal));
    return place;
  }

  /** A flag on a session or a merchant: its goals stand where counting anew puts them. */
  #applyFlag(event: CountedEvent): void {
    const { merchantId, occurredAtMs } = event.event;
    const recounted = this.#recounted(event);
    const isOnMerchant =
      event.event.type === 'risk.flagged' &&
      event.event.data.target.kind === 'merchant';
    for (const row of this.rows.allOf(merchantId)) {
      const { program, period } = row.address;
      for (const { goal: name } of row.goals) {
        const goal = this.set.goalAt(program, period, name, occurredAtMs);
        if (!goal) continue;
        const open = row.goal(name);
        const was = open.valueOf(goal);
        const { days } = open;
        open.recount(recounted.standing(row.address, name));
        if (isOnMerchant && goal.held.program.takeBack.flags === 'all')
          this.#takerBack.takeAll(lookAt(event, open, goal), 'flag');
        else if (
          open.valueOf(goal) < was ||
          this.#hasFewerDays(open, goal, days)
        )
          this.#takerBack.takeBack(lookAt(event, open, goal), 'flag');
      }
    }
  }

  /** A stream's start or end: what it leaves out counts no more, and what it takes in counts. */
  #applyAirtime(event: CountedEvent, airtime: AirtimeChange): void {
    const { merchantId } = event.event;
    const { goal, period } = airtime;
    const { lineage, isPaused } = goal.held;
    const row = this.rows.find(merchantId, lineage, period);
    if (!mayCountOtherwise(airtime, row)) return;
    const address = { program: lineage, period: period.key };
    const standing = this.#recounted(event).standing(address, goal.goal.goal);
    if (!row && standing.value === 0) return;
    const open = this.rows.goal(merchantId, goal, period);
    const was = open.value;
    open.recount(standing);
    if (standing.lastMs !== null) open.row.countedAt(standing.lastMs);
    if (open.value < was)
      this.#takerBack.takeBack(lookAt(event, open, goal), event.because);
    else if (open.value > was && !isPaused && goal.goal.settlesAfterMs === null)
      this.#payer.pay(lookAt(event, open, goal));
  }

  #recounted(event: CountedEvent): Recounted {
    const recounted = this.circumstances.recounts.get(event);
    if (!recounted) throw new Error('what was to be counted anew was not');
    return recounted;
  }

  /**
   * Whether a goal has fallen in another of its versions, where it may have stayed in this one: they may differ in what
   * makes a day, and in how days count.
   *
   * @param days those before
   */
  #hasFewerDays(
    open: OpenGoal,
    goal: HeldGoal,
    days: GoalStanding['days'],
  ): boolean {
    if (open.days === days) return false;
    const versions = this.set.goalInAllVersions(goal);
    if (versions.length === 1) return false;
    const { value } = open;
    return versions.some(
      (version) =>
        open.valueOf(version) < metricValue(version.goal, { value, days }),
    );
  }

  /** What became known of a merchant may make it eligible for what it has reached. */
  #lookAgain(event: CountedEvent): void {
    const { merchantId, occurredAtMs } = event.event;
    const programs = new Set(
      this.set.programs.filter((program) => becameEligible(program, event)),
    );
    if (programs.size === 0) return;
    for (const row of this.rows.allOf(merchantId)) {
      const { program, period } = row.address;
      for (const { goal: name } of row.goals) {
        const goal = this.set.goalAt(program, period, name, occurredAtMs);
        if (!goal || goal.held.isPaused) continue;
        if (!programs.has(goal.held.program)) continue;
        const isPast =
          goal.goal.period === 'lifetime' &&
          !isOpen(goal.held.program, occurredAtMs);
        if (goal.goal.settlesAfterMs === null && !isPast)
          this.#payer.pay(lookAt(event, row.goal(name), goal));
      }
    }
  }

  /** The goals of a row that the clock is still to decide. */
  #settling({ address, endMs, goals }: OpenRow): HeldGoal[] {
    const { program, period } = address;
    const settling: HeldGoal[] = [];
    if (endMs === null || !this.set.settles(program, period)) return settling;
    for (const { goal: name, state } of goals) {
      if (state !== 'open') continue;
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

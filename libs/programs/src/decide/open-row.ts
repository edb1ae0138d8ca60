import type { Unit } from '@app/contracts';
import { metricValue } from './deserved.js';
import { exact, type Exact } from '../exact.js';
import { nextStep, paysFrom } from './pays-from.js';
import type { Period } from '../time/period.js';
import type { Piece } from '../count/piece.js';
import type { HeldGoal } from '../published/program-set.js';
import {
  NOT_STARTED,
  type GoalProgress,
  type GoalStanding,
  type PeriodProgress,
  type ProgressAddress,
} from '../progress.js';
import { count } from '../count/standing.js';

/** A row of progress that is open: it moves in place, and what it was opened from stays as it was. */
export class OpenRow implements PeriodProgress {
  goals: readonly OpenGoal[];
  granted: PeriodProgress['granted'];
  endMs: number | null;
  lastMs: number | null;
  /** When the clock has something to decide in it: milliseconds since the epoch; null for never. */
  dueAtMs: number | null = null;
  /** Whether {@link dueAtMs} is to be reckoned anew. */
  isDueUnknown = true;
  /** Since its changes were last taken. */
  isChanged = false;
  readonly #changed: OpenRow[];

  /** @param changed where it adds itself when it changes */
  constructor(
    readonly address: ProgressAddress,
    /** See `rowKey`. */
    readonly key: string,
    known: PeriodProgress,
    changed: OpenRow[],
  ) {
    this.endMs = known.endMs;
    this.lastMs = known.lastMs;
    this.goals = known.goals.map((goal) => new OpenGoal(this, goal.goal, goal));
    this.granted = known.granted;
    this.#changed = changed;
  }

  /** A goal by its name, which begins where it has not moved before. */
  goal(name: string): OpenGoal {
    const { goals } = this;
    let place = 0;
    for (; place < goals.length; place++) {
      const known = goals[place]!;
      if (known.goal === name) return known;
      if (known.goal > name) break;
    }
    const begun = new OpenGoal(this, name, NOT_STARTED);
    this.goals = goals.toSpliced(place, 0, begun);
    this.forgetDue();
    return begun;
  }

  grantedOf(unit: Unit): bigint {
    return this.granted[unit] ?? 0n;
  }

  grant(unit: Unit, amount: bigint): void {
    this.granted = { ...this.granted, [unit]: this.grantedOf(unit) + amount };
    this.change();
  }

  /** Ends where its period does. @param endMs milliseconds since the epoch, `Infinity` where that does not end */
  endAt(endMs: number): void {
    if (this.endMs !== null || endMs === Infinity) return;
    this.endMs = endMs;
    this.forgetDue();
  }

  /** Something was counted in it. @param atMs when that happened: milliseconds since the epoch */
  countedAt(atMs: number): void {
    this.lastMs = Math.max(this.lastMs ?? -Infinity, atMs);
  }

  change(): void {
    if (this.isChanged) return;
    this.isChanged = true;
    this.#changed.push(this);
  }

  dueAt(atMs: number | null): void {
    this.dueAtMs = atMs;
    this.isDueUnknown = false;
  }

  forgetDue(): void {
    this.isDueUnknown = true;
  }
}

/** A goal of an open row: it moves in place. */
export class OpenGoal implements GoalProgress {
  // What nearly every count asks for comes first, so that it is side by side in memory.
  /** The period of a program in which it was last found. */
  foundBy: Period | null = null;
  value: Exact;
  readonly row: OpenRow;
  /** What {@link paysFrom} says, once it was asked, and of which version's goal. */
  #paysFrom: Exact | null = null;
  #paysFor: HeldGoal | null = null;
  days: GoalStanding['days'];
  paid: GoalStanding['paid'];
  state: GoalStanding['state'];

  constructor(
    row: OpenRow,
    readonly goal: string,
    { value, days, paid, state }: GoalStanding,
  ) {
    this.row = row;
    this.value = value;
    this.days = days;
    this.paid = paid;
    this.state = state;
  }

  valueOf({ goal }: HeldGoal): Exact {
    return metricValue(goal, this);
  }

  count(piece: Piece): void {
    count(this, piece);
    this.row.change();
    // A lower value may deserve what a higher one does not, where tiers differ in their units.
    if (piece.amount < 0) this.#paysFor = null;
  }

  /** Stands where counting anew puts it. */
  recount({ value, days }: Pick<GoalStanding, 'value' | 'days'>): void {
    this.value = value;
    this.days = days;
    this.row.change();
    this.#paysFor = null;
  }

  /** After something was paid or taken back. */
  keepPaid(
    paid: GoalStanding['paid'],
    state: GoalStanding['state'] = this.state,
  ): void {
    this.paid = paid;
    if (state !== this.state) {
      this.state = state;
      this.row.forgetDue();
    }
    this.row.change();
    this.#paysFor = null;
  }

  /** Whether there can be anything to pay at a value: asked of every rise, so that most of them end here. */
  mayPay(goal: HeldGoal, value: Exact): boolean {
    if (this.#paysFor !== goal) this.#payFrom(paysFrom(goal.goal, this), goal);
    return this.#paysFrom !== null && value >= this.#paysFrom;
  }

  /** All that a value deserves was promised. */
  paidUpTo(goal: HeldGoal, value: bigint): void {
    this.#payFrom(nextStep(goal.goal.payout, value), goal);
  }

  #payFrom(value: bigint | null, goal: HeldGoal): void {
    this.#paysFrom = value === null ? null : exact(value);
    this.#paysFor = goal;
  }
}

import type { Unit } from '@app/contracts';
import { metricValue } from './deserved.js';
import { exact, type Exact } from './exact.js';
import { nextStep, paysFrom } from './pays-from.js';
import type { Piece } from './piece.js';
import type { HeldGoal } from './program-set.js';
import {
  inOrder,
  NOT_STARTED,
  type GoalProgress,
  type GoalStanding,
  type PeriodProgress,
  type ProgressAddress,
} from './progress.js';
import { count } from './standing.js';

/** A row of progress while a batch is decided: it is copied where it changes, and what is known of it left as it was. */
export class OpenRow {
  /** The first instant behind the period: milliseconds since the epoch, null where it does not end. */
  endMs: number | null;
  isChanged = false;
  /** Those that the batch has come to, in that order. */
  readonly #open: OpenGoal[] = [];
  /** How many of them have not moved before. */
  #begun = 0;
  #granted: Partial<Record<Unit, bigint>> | null = null;

  constructor(
    readonly address: ProgressAddress,
    /** See `rowKey`. */
    readonly key: string,
    private readonly known: PeriodProgress,
  ) {
    this.endMs = known.endMs;
  }

  goal(name: string): OpenGoal {
    for (const open of this.#open) if (open.progress.goal === name) return open;
    const open = this.#opened(name);
    this.#open.push(open);
    return open;
  }

  #opened(name: string): OpenGoal {
    const { goals } = this.known;
    for (let place = 0; place < goals.length; place++)
      if (goals[place]!.goal === name)
        return new OpenGoal(this, place, name, goals[place]!);
    const place = goals.length + this.#begun++;
    return new OpenGoal(this, place, name, NOT_STARTED);
  }

  granted(unit: Unit): bigint {
    return (this.#granted ?? this.known.granted)[unit] ?? 0n;
  }

  grant(unit: Unit, amount: bigint): void {
    const granted = this.granted(unit) + amount;
    this.#granted ??= { ...this.known.granted };
    this.#granted[unit] = granted;
    this.isChanged = true;
  }

  get goals(): PeriodProgress['goals'] {
    if (this.#open.length === 0) return this.known.goals;
    const goals = this.known.goals.slice();
    for (const { place, progress } of this.#open) goals[place] = progress;
    return this.#begun > 0 ? inOrder(goals) : goals;
  }

  /** The row as it is now. */
  get progress(): PeriodProgress {
    return {
      endMs: this.endMs,
      goals: this.goals,
      granted: this.#granted ?? this.known.granted,
    };
  }
}

/** A goal of a row while a batch is decided. Its progress is a copy of what is known, and moves in place. */
export class OpenGoal {
  readonly progress: GoalProgress;
  /** What {@link paysFrom} says, once it was asked, and of which version's goal. */
  #paysFrom: Exact = 0;
  #paysFor: HeldGoal | null = null;

  constructor(
    readonly row: OpenRow,
    /** Among the goals of the row. */
    readonly place: number,
    goal: string,
    { value, days, paid, state }: GoalStanding,
  ) {
    this.progress = { goal, value, days, paid, state };
  }

  value({ goal }: HeldGoal): Exact {
    return metricValue(goal, this.progress);
  }

  count(piece: Piece): void {
    count(this.progress, piece);
    this.row.isChanged = true;
    // A lower value may deserve what a higher one does not, where tiers differ in their units.
    if (piece.amount < 0) this.#paysFor = null;
  }

  /** Stands where counting anew puts it. */
  recount({ value, days }: Pick<GoalStanding, 'value' | 'days'>): void {
    this.progress.value = value;
    this.progress.days = days;
    this.row.isChanged = true;
    this.#paysFor = null;
  }

  /** After something was paid or taken back. */
  keepPaid(
    paid: GoalStanding['paid'],
    state: GoalStanding['state'] = this.progress.state,
  ): void {
    this.progress.paid = paid;
    this.progress.state = state;
    this.row.isChanged = true;
    this.#paysFor = null;
  }

  /** Whether there can be anything to pay at a value: asked of every rise, so that most of them end here. */
  mayPay(goal: HeldGoal, value: Exact): boolean {
    if (this.#paysFor !== goal)
      this.#payFrom(paysFrom(goal.goal, this.progress), goal);
    return value >= this.#paysFrom;
  }

  /** All that a value deserves was promised. */
  paidUpTo(goal: HeldGoal, value: bigint): void {
    this.#payFrom(nextStep(goal.goal.payout, value), goal);
  }

  #payFrom(value: bigint | null, goal: HeldGoal): void {
    this.#paysFrom = value === null ? Infinity : exact(value);
    this.#paysFor = goal;
  }
}

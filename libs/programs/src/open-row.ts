import type { Unit } from '@app/contracts';
import {
  named,
  NOT_STARTED,
  type GoalStanding,
  type PeriodProgress,
  type ProgressAddress,
} from './progress.js';

/** A row of progress while a batch is decided: it is copied where it changes, and what is known of it left as it was. */
export class OpenRow {
  /** The first instant behind the period: milliseconds since the epoch, null where it does not end. */
  endMs: number | null;
  isChanged = false;
  #goals: Record<string, GoalStanding> | null = null;
  #granted: Partial<Record<Unit, bigint>> | null = null;

  constructor(
    readonly address: ProgressAddress,
    /** See `rowKey`. */
    readonly key: string,
    private readonly known: PeriodProgress,
  ) {
    this.endMs = known.endMs;
  }

  standing(goal: string): GoalStanding {
    return named(this.#goals ?? this.known.goals, goal) ?? NOT_STARTED;
  }

  stand(goal: string, standing: GoalStanding): void {
    this.#goals ??= { ...this.known.goals };
    this.#goals[goal] = standing;
    this.isChanged = true;
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
    return this.#goals ?? this.known.goals;
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

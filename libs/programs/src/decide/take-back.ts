import type { BatchJournal } from './batch-journal.js';
import type { FallReason } from '../count/contribution.js';
import { byUnit, reachedBy, type Reached } from './deserved.js';
import { keepsPaid } from './keeps-paid.js';
import { decidedIn, placeOf, type Look } from './look.js';
import { isTiered, type TakeBack } from '../program.js';
import type { HeldGoal, ProgramSet } from '../published/program-set.js';
import type { GoalStanding, PaidReward } from '../progress.js';
import type { Decided } from './reward-entry.js';
import { lowered, withPaid } from '../count/standing.js';

/** What was paid at one place of a goal, and what is left of it. */
interface Lowering {
  key: string;
  before: readonly PaidReward[];
  after: ReturnType<typeof lowered>[];
  /** Whether the place is not reached any more, and may be paid anew. */
  isGone: boolean;
}

/** Takes back what is no longer deserved, by the rules of programs. */
export class TakerBack {
  /** @param clockMs what time it is: milliseconds since the epoch */
  constructor(
    private readonly set: ProgramSet,
    private readonly journal: BatchJournal,
    private readonly clockMs: number,
  ) {}

  /**
   * A metric has fallen. The version of what fell has the rule; any that has begun may have paid, and what one of them
   * would still pay stays: so it is of no account under which version it was that something fell.
   */
  takeBack(look: Look, because: FallReason): void {
    const rule = ruleFor(look.goal, because);
    if (rule === 'never') return;
    const { open } = look;
    if (this.#keepsPaid(look)) return;
    const decided = decidedIn(look);
    const byDifference = difference(this.#deserved(look, decided), open);
    if (!byDifference.some(isLess)) return;
    if (rule === 'all') this.takeAll(look, because);
    else {
      let { paid } = open;
      for (const lowering of byDifference) {
        this.#post(decided, rule, because, lowering);
        const { key, isGone, after } = lowering;
        paid = withPaid(
          paid,
          key,
          isGone ? null : after.map((one) => one.paid),
        );
      }
      open.keepPaid(paid);
    }
  }

  /** Takes back all that a goal has paid in the period, and closes it. */
  takeAll(look: Look, because: FallReason): void {
    const { open } = look;
    const decided = decidedIn(look);
    for (const [key, before] of Object.entries(open.paid))
      this.#post(decided, 'all', because, {
        key,
        before,
        after: before.map((paid) => lowered(paid, 0n)),
        isGone: true,
      });
    open.keepPaid({}, 'closed');
  }

  /** Of most falls this is all that is asked. Where a goal has more versions, what they deserve is reckoned. */
  #keepsPaid({ goal, open }: Look): boolean {
    return (
      this.set.goalInAllVersions(goal).length === 1 &&
      keepsPaid(goal.goal, open.paid, open.valueOf(goal))
    );
  }

  /** What the value deserves in each version of the goal that has begun by the clock, and in that of what fell. */
  #deserved(look: Look, decided: Decided): Deserved[] {
    return this.set
      .goalInAllVersions(look.goal)
      .filter(
        (goal) => goal === look.goal || goal.held.holds.fromMs <= this.clockMs,
      )
      .map(
        (goal) =>
          new Deserved(
            goal === look.goal ? decided : decidedIn({ ...look, goal }),
          ),
      );
  }

  #post(
    decided: Decided,
    rule: 'difference' | 'all',
    because: FallReason,
    { after }: Lowering,
  ): void {
    for (const { paid, taken: amount, grants } of after) {
      const { unit } = paid;
      this.journal.takeBack(decided, { rule, because, unit, amount, grants });
    }
  }
}

/** A correction takes back what it moved elsewhere, and no more. */
function ruleFor({ held }: HeldGoal, because: FallReason): TakeBack {
  const { refunds, flags } = held.program.takeBack;
  if (because === 'flag') return flags;
  return because === 'correction' && refunds === 'all' ? 'difference' : refunds;
}

/** What was paid, lowered to what the value now deserves in the version that deserves most of it. */
function difference(
  versions: readonly Deserved[],
  standing: GoalStanding,
): Lowering[] {
  const isTiers = versions.some((version) => version.isTiered);
  return Object.entries(standing.paid).map(([key, before]) => {
    const deserved = versions.map((version) => version.of(key, before));
    return {
      key,
      before,
      after: before.map((paid, i) =>
        lowered(paid, largest(deserved.map((amounts) => amounts[i]!))),
      ),
      isGone: isTiers && !versions.some((version) => version.reaches(key)),
    };
  });
}

/** What a value deserves in one version of a goal, of what was paid. */
class Deserved {
  readonly isTiered: boolean;
  /** By {@link Reached.key}. */
  readonly #reached: ReadonlyMap<string, Reached>;

  constructor(decided: Decided) {
    this.isTiered = isTiered(decided.goal.goal);
    const reached = reachedBy(placeOf(decided), decided.value);
    this.#reached = new Map(reached.map((place) => [place.key, place]));
  }

  reaches(key: string): boolean {
    return this.#reached.has(key);
  }

  /** How much is deserved of each reward that was paid at a place. */
  of(key: string, before: readonly PaidReward[]): bigint[] {
    const place = this.#reached.get(key);
    if (!place) return before.map(() => 0n);
    // A tier that is reached stays paid as it was, also where a version has changed its rewards.
    if (this.isTiered) return before.map(({ promised }) => promised);
    const rewards = byUnit(place.rewards());
    return before.map(
      (paid) => rewards.find(({ unit }) => unit === paid.unit)?.amount ?? 0n,
    );
  }
}

function largest(amounts: readonly bigint[]): bigint {
  return amounts.reduce((most, one) => (one > most ? one : most));
}

function isLess({ before, after, isGone }: Lowering): boolean {
  return (
    isGone || after.some(({ paid }, i) => paid.promised < before[i]!.promised)
  );
}

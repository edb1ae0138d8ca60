import type { BatchJournal } from './batch-journal.js';
import type { FallReason } from '../count/contribution.js';
import { byUnit, reachedBy, type Reached } from './deserved.js';
import { decidedIn, placeOf, type Look } from './look.js';
import { isTiered, type TakeBack } from '../program.js';
import type { HeldGoal } from '../published/program-set.js';
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
  constructor(private readonly journal: BatchJournal) {}

  /** A metric has fallen. */
  takeBack(look: Look, because: FallReason): void {
    const rule = ruleFor(look.goal, because);
    if (rule === 'never') return;
    const { open } = look;
    const decided = decidedIn(look);
    const byDifference = difference(decided, open);
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

/** What was paid, lowered to what the value now deserves. */
function difference(decided: Decided, standing: GoalStanding): Lowering[] {
  const reached = new Map(
    reachedBy(placeOf(decided), decided.value).map((place) => [
      place.key,
      place,
    ]),
  );
  const isTiers = isTiered(decided.goal.goal);
  return Object.entries(standing.paid).map(([key, before]) => {
    const place = reached.get(key);
    const isGone = isTiers && !place;
    // A tier that is reached stays paid as it was, also where a version has changed its rewards.
    const after =
      isTiers && place
        ? before.map((paid) => lowered(paid, paid.promised))
        : lowerTo(place, before);
    return { key, before, after, isGone };
  });
}

function lowerTo(place: Reached | undefined, before: readonly PaidReward[]) {
  const rewards = place ? byUnit(place.rewards()) : [];
  return before.map((paid) => {
    const reward = rewards.find(({ unit }) => unit === paid.unit);
    return lowered(paid, reward?.amount ?? 0n);
  });
}

function isLess({ before, after, isGone }: Lowering): boolean {
  return (
    isGone || after.some(({ paid }, i) => paid.promised < before[i]!.promised)
  );
}

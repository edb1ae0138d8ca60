import { isCash } from '@app/ledger';
import type { Unit } from '@app/contracts';
import type { BatchJournal } from './batch-journal.js';
import {
  byUnit,
  reachedBy,
  type DeservedReward,
  type Reached,
} from './deserved.js';
import { decidedIn, placeOf, type Look } from './look.js';
import type { OpenRow } from './open-row.js';
import type { OpenRows } from './open-rows.js';
import { isTiered, type Cap } from '../program.js';
import { capPeriodAt, isEligible } from '../published/program-set.js';
import { named, type PaidReward } from '../progress.js';
import type { Decided } from './reward-entry.js';
import { nothingPaid, withGrant, withPaid } from '../count/standing.js';

/** Pays what is deserved and was not paid before. */
export class Payer {
  constructor(
    private readonly rows: OpenRows,
    private readonly journal: BatchJournal,
  ) {}

  pay(look: Look): void {
    const { open, goal, facts, atMs } = look;
    if (!open.mayPay(goal, open.valueOf(goal))) return;
    if (!isEligible(goal.held.program, facts, atMs)) return;
    const decided = decidedIn(look);
    const { value } = decided;
    const known = open.paid;
    let paid = known;
    for (const place of reachedBy(placeOf(decided), value)) {
      const before = named(known, place.key);
      if (!isTiered(goal.goal))
        paid = withPaid(
          paid,
          place.key,
          this.#payDifference(decided, place, before ?? []),
        );
      else if (!before)
        paid = withPaid(
          paid,
          place.key,
          place
            .rewards()
            .map((reward) =>
              this.#payReward(decided, place, reward, nothingPaid(reward.unit)),
            ),
        );
    }
    if (paid !== known) open.keepPaid(paid);
    open.paidUpTo(goal, value);
  }

  /** What is paid by unit, with what is deserved over what was promised. */
  #payDifference(
    decided: Decided,
    reached: Reached,
    before: readonly PaidReward[],
  ): PaidReward[] {
    const paid = [...before];
    for (const reward of byUnit(reached.rewards())) {
      const place = paid.findIndex(({ unit }) => unit === reward.unit);
      const known = paid[place] ?? nothingPaid(reward.unit);
      const due = reward.amount - known.promised;
      if (due > 0n)
        paid[place < 0 ? paid.length : place] = this.#payReward(
          decided,
          reached,
          { ...reward, amount: due },
          known,
        );
    }
    return paid;
  }

  #payReward(
    decided: Decided,
    reached: Reached,
    reward: DeservedReward,
    before: PaidReward,
  ): PaidReward {
    const { unit, amount: promised } = reward;
    const caps = this.#capsOf(decided, unit);
    const grant = this.journal.grant(decided, reached, reward, {
      promisedBefore: before.promised,
      allowed: allowedBy(caps, unit, promised),
    });
    if (!grant) return withGrant(before, promised, null);
    if (caps.length > 0)
      for (const row of new Set(caps.map(({ row: capped }) => capped)))
        row.grant(unit, grant.amount);
    const paid = withGrant(before, promised, grant);
    return decided.goal.held.takesBack && !isCash(unit)
      ? paid
      : { ...paid, grants: [] };
  }

  /** The merchant's caps on a unit, each with the row that counts what was granted over its period. */
  #capsOf({ merchantId, goal, atMs }: Decided, unit: Unit): CountedCap[] {
    const { held } = goal;
    const counted: CountedCap[] = [];
    for (const cap of held.program.caps)
      if (cap.unit === unit) {
        const period = capPeriodAt(held, cap.period, atMs);
        counted.push({
          cap,
          row: this.rows.of(merchantId, held.lineage, period),
        });
      }
    return counted;
  }
}

interface CountedCap {
  cap: Cap;
  row: OpenRow;
}

/** What the merchant's caps leave of an amount. */
function allowedBy(
  caps: readonly CountedCap[],
  unit: Unit,
  amount: bigint,
): bigint {
  return caps.reduce((allowed, { cap, row }) => {
    const left = cap.amount - row.grantedOf(unit);
    if (left >= allowed) return allowed;
    return left > 0n ? left : 0n;
  }, amount);
}

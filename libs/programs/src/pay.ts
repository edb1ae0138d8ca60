import { isCash } from '@app/ledger';
import type { Unit } from '@app/contracts';
import type { BatchJournal } from './batch-journal.js';
import type { BatchRows } from './batch-rows.js';
import {
  byUnit,
  reachedBy,
  type DeservedReward,
  type Reached,
} from './deserved.js';
import { placeOf, seen, type Look } from './look.js';
import type { OpenRow } from './open-row.js';
import { isTiered, type Cap, type Goal } from './program.js';
import { capPeriodAt, isEligible } from './program-set.js';
import { named, type GoalStanding, type PaidReward } from './progress.js';
import type { Decided } from './reward-entry.js';
import { nothingPaid, withGrant, withPaid } from './standing.js';

/** Pays what is deserved and was not paid before. */
export class Payer {
  constructor(
    private readonly rows: BatchRows,
    private readonly journal: BatchJournal,
  ) {}

  pay(look: Look): void {
    const { row, goal } = look;
    const { standing, decided } = seen(look);
    const { value } = decided;
    if (standing.state !== 'open' || !mayPay(goal.goal, standing, value))
      return;
    if (!isEligible(goal.held.program, look.facts, look.atMs)) return;
    let paid = standing;
    for (const place of reachedBy(placeOf(decided), value)) {
      const before = named(standing.paid, place.key);
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
    if (paid !== standing) row.stand(goal.goal.goal, paid);
  }

  /** What is paid by unit, with what is deserved over what was promised. */
  #payDifference(
    decided: Decided,
    reached: Reached,
    before: readonly PaidReward[],
  ): PaidReward[] {
    const paid = new Map(before.map((reward) => [reward.unit, reward]));
    for (const reward of byUnit(reached.rewards())) {
      const known = paid.get(reward.unit) ?? nothingPaid(reward.unit);
      const due = reward.amount - known.promised;
      if (due > 0n)
        paid.set(
          reward.unit,
          this.#payReward(decided, reached, { ...reward, amount: due }, known),
        );
    }
    return [...paid.values()];
  }

  #payReward(
    decided: Decided,
    reached: Reached,
    reward: DeservedReward,
    before: PaidReward,
  ): PaidReward {
    const { unit, amount: promised } = reward;
    const caps = this.#capsOf(decided, unit);
    const grant = this.journal.grant(
      decided,
      reached,
      reward,
      allowedBy(caps, unit, promised),
    );
    if (!grant) return withGrant(before, promised, null);
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
    return held.program.caps
      .filter((cap) => cap.unit === unit)
      .map((cap) => {
        const period = capPeriodAt(held, cap.period, atMs);
        return { cap, row: this.rows.of(merchantId, held, period) };
      });
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
    const left = cap.amount - row.granted(unit);
    if (left >= allowed) return allowed;
    return left > 0n ? left : 0n;
  }, amount);
}

/** Whether there can be anything to pay: asked of every rise, so that most of them end here. */
export function mayPay(
  { payout }: Goal,
  { paid }: GoalStanding,
  value: bigint,
): boolean {
  switch (payout.kind) {
    case 'tiers':
      for (const { at, tier } of payout.tiers) {
        if (value < at) return false;
        if (!named(paid, tier)) return true;
      }
      return false;
    case 'highest_tier':
      return value >= payout.tiers[0]!.at;
    case 'every':
      return value >= payout.every && !isPaidFor(payout, paid, value);
    case 'rate':
      return value > 0n;
  }
}

/** Whether all that repeats up to a value was promised already: told without reckoning it, where it can be. */
function isPaidFor(
  { every, times, rewards }: Extract<Goal['payout'], { kind: 'every' }>,
  paid: GoalStanding['paid'],
  value: bigint,
): boolean {
  const [reward, ...others] = rewards;
  const [known] = named(paid, 'every') ?? [];
  if (!known || others.length > 0 || reward!.amount.kind !== 'fixed')
    return false;
  const reached = value / every;
  const repeats = times !== null && reached > times ? times : reached;
  return known.promised >= reward!.amount.amount * repeats;
}

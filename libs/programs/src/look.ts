import type { EventReference } from '@app/ledger';
import type { CountedEvent } from './count.js';
import { metricValue, type DecidedPlace } from './deserved.js';
import type { MerchantFacts } from './merchant-facts.js';
import type { OpenRow } from './open-row.js';
import type { HeldGoal } from './program-set.js';
import type { GoalStanding } from './progress.js';
import type { Decided } from './reward-entry.js';

/** A goal in a row, to be looked at: see {@link Decided}. */
export interface Look {
  row: OpenRow;
  goal: HeldGoal;
  /** What is known of the merchant then. */
  facts: MerchantFacts;
  atMs: number;
  isSettlement: boolean;
  references: readonly EventReference[];
}

export function lookAt(
  { event, reference, facts }: CountedEvent,
  row: OpenRow,
  goal: HeldGoal,
): Look {
  return {
    row,
    goal,
    facts,
    atMs: event.occurredAtMs,
    isSettlement: false,
    references: [reference],
  };
}

/** How a goal stands that is looked at, and what is decided on. */
export function seen({ row, goal, atMs, isSettlement, references }: Look): {
  standing: GoalStanding;
  decided: Decided;
} {
  const standing = row.standing(goal.goal.goal);
  const { merchantId, period } = row.address;
  const value = metricValue(goal.goal, standing);
  return {
    standing,
    decided: {
      merchantId,
      goal,
      period,
      value,
      atMs,
      isSettlement,
      references,
    },
  };
}

export function placeOf({ goal, merchantId, period }: Decided): DecidedPlace {
  const { program } = goal.held;
  return { program, goal: goal.goal, merchantId, period };
}

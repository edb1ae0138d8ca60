import type { EventReference } from '@app/ledger';
import type { CountedEvent } from '../count/count.js';
import type { DecidedPlace } from './deserved.js';
import type { MerchantFacts } from '../count/merchant-facts.js';
import type { OpenGoal } from './open-row.js';
import type { HeldGoal } from '../published/program-set.js';
import type { Decided } from './reward-entry.js';

/** A goal in a row, to be looked at: see {@link Decided}. */
export interface Look {
  open: OpenGoal;
  goal: HeldGoal;
  /** What is known of the merchant then. */
  facts: MerchantFacts;
  atMs: number;
  isSettlement: boolean;
  references: readonly EventReference[];
}

export function lookAt(
  { event, reference, facts }: CountedEvent,
  open: OpenGoal,
  goal: HeldGoal,
): Look {
  return {
    open,
    goal,
    facts,
    atMs: event.occurredAtMs,
    isSettlement: false,
    references: [reference],
  };
}

/** What is decided on in a goal that is looked at. */
export function decidedIn({
  open,
  goal,
  atMs,
  isSettlement,
  references,
}: Look): Decided {
  const { merchantId, period } = open.row.address;
  return {
    merchantId,
    goal,
    period,
    value: BigInt(open.valueOf(goal)),
    atMs,
    isSettlement,
    references,
  };
}

export function placeOf({ goal, merchantId, period }: Decided): DecidedPlace {
  const { program } = goal.held;
  return { program, goal: goal.goal, merchantId, period };
}

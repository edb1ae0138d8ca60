import type { Unit } from '@app/contracts';
import type { Cause } from '../cause.js';
import type { Bilingual } from './bilingual.js';
import { explainAdjustment } from './explain-adjustment.js';
import { explainBudget } from './explain-budget.js';
import { explainGoal } from './explain-goal.js';
import { explainLease } from './explain-lease.js';
import {
  explainLotExpired,
  explainPromotionClosed,
  explainPromotionDelivered,
  explainPromotionOrdered,
} from './explain-promotion.js';
import { explainSwitch } from './explain-switch.js';
import {
  explainLotTakenBack,
  explainRewardTakenBack,
} from './explain-taking-back.js';
import { Explained, type ExplainableEntry } from './explained.js';

/** What an entry says besides its postings. */
export interface Explanation {
  explanation: Bilingual;
  /**
   * By unit, what the entry moved, or (of traffic that is to be taken back) what it decided on: in minor units, more
   * than nothing. A debt that was settled or made is part of it.
   */
  amounts: Partial<Record<Unit, bigint>>;
}

/**
 * Says why an entry is there, in a few sentences, from the entry alone. Pure; times are in Asia/Shanghai, money in
 * yuan. Something is said of whatever is stored, also where it was tampered with, as long as its cause is of a known
 * type and its numbers are numbers.
 */
export function explainEntry(entry: ExplainableEntry): Bilingual {
  const { cause } = entry;
  const of = <C extends Cause>(known: C) => new Explained(entry, known);
  switch (cause.type) {
    case 'program_published':
      return explainBudget(of(cause));
    case 'pool_leased':
      return explainLease(of(cause));
    case 'goal_reached':
      return explainGoal(of(cause));
    case 'reward_taken_back':
      return explainRewardTakenBack(of(cause));
    case 'lot_taken_back':
      return explainLotTakenBack(of(cause));
    case 'promotion_ordered':
      return explainPromotionOrdered(of(cause));
    case 'promotion_delivered':
      return explainPromotionDelivered(of(cause));
    case 'promotion_closed':
      return explainPromotionClosed(of(cause));
    case 'lot_expired':
      return explainLotExpired(of(cause));
    case 'auto_promotion_switched':
      return explainSwitch(of(cause));
    case 'adjusted':
      return explainAdjustment(of(cause));
  }
}

/** The same entry with its explanation: in words, and by unit. Its cause is the rest of it as data. */
export function explainedEntry<Entry extends ExplainableEntry>(
  entry: Entry,
): Entry & Explanation {
  const { cause } = entry;
  const moved =
    cause.type === 'reward_taken_back'
      ? [{ unit: cause.unit, amount: BigInt(cause.amount) }]
      : new Explained(entry, cause).moved;
  return {
    ...entry,
    explanation: explainEntry(entry),
    amounts: Object.fromEntries(
      moved.map(({ unit, amount }) => [unit, amount]),
    ),
  };
}

import { evolve } from '../evolve.js';
import type { PromotionInput } from '../input.js';
import type { MerchantPromotion } from '../merchant-promotion.js';
import type { Planner } from '../planning/planner.js';
import { placeOrder } from './orders.js';
import { passTime } from './passing-time.js';
import { takeActivity } from './take-activity.js';
import { takeBack } from './take-back.js';
import { takeReport, type Refused } from './take-report.js';
import {
  Turn,
  type JournalPlace,
  type LotStandings,
  type TurnOutcome,
} from './turn.js';

export interface MerchantDecision extends TurnOutcome {
  /** Why the input had no effect, where it is one that should have had one. */
  refusal: Refused | null;
}

/**
 * What one input makes the projector do for one merchant: entries for the promotions journal, and the
 * merchant after them. Pure: time comes with the input. An input that only moves time, where nothing was
 * due, leaves the merchant as it was, so that how inputs are batched makes no difference.
 *
 * @param lots those that the input takes back, or more: a merchant keeps no lot that has nothing left
 */
export function decide(
  merchant: MerchantPromotion,
  input: PromotionInput,
  place: JournalPlace,
  lots: LotStandings,
  planner: Planner,
): MerchantDecision {
  const turn = new Turn(merchant, input, place, lots, planner);
  const refusal = takeInput(turn, input);
  if (refusal) return { merchant, lots, drafts: [], refusal };
  passTime(turn);
  const plan = planner.plan(turn.merchant);
  turn.observe(plan.merchant);
  for (const planned of plan.orders) placeOrder(turn, planned);
  return { ...turn.outcome(), refusal: null };
}

function takeInput(turn: Turn, input: PromotionInput): Refused | null {
  switch (input.kind) {
    case 'entry':
      if (input.entry.cause.type === 'reward_taken_back')
        takeBack(turn, input.entry, input.entry.cause);
      else turn.observe(evolve(turn.merchant, input.entry));
      return null;
    case 'activity':
      takeActivity(turn, input.event, input.reference);
      return null;
    case 'delivery':
      return takeReport(turn, input.event, input.reference);
    case 'time':
      return null;
  }
}

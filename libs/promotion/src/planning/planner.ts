import type { Placement, Unit } from '@app/contracts';
import type { PromotionOrderCause, ReleaseCause } from '@app/ledger';
import type { MerchantPromotion, OpenOrder } from '../merchant-promotion.js';

/** A promotion order that is to be placed. */
export interface PlannedOrder {
  placement: Placement;
  /** The session or the video, by the placement. */
  targetId: string;
  /** What it reserves, of lots that fit the placement and have it available; more than nothing of each. */
  parts: { lotId: string; unit: Unit; amount: bigint }[];
  /** Later than the merchant's clock, and no later than any of the lots expires. */
  deadlineMs: number;
  /** The numbers that it was decided on. */
  decision: PromotionOrderCause['decision'];
}

export interface Plan {
  orders: PlannedOrder[];
  /** The same one where planning left nothing to remember. */
  merchant: MerchantPromotion;
}

/**
 * Decides what to order. A function of what it was told, so that the same journals give the same orders. What does not
 * fit the merchant's limits is not placed, whatever is planned; `roomUnderLimits` tells what does.
 */
export interface Planner {
  /** What a merchant is to order now, by their clock; asked after every input that had an effect. */
  plan(merchant: MerchantPromotion): Plan;
  /** An order is closed: the merchant with what is to be remembered of it. */
  learn(
    merchant: MerchantPromotion,
    order: OpenOrder,
    reason: ReleaseCause['reason'],
  ): MerchantPromotion;
  /** When time alone will next give it something to order; null for never. Later than the merchant's clock. */
  nextPlanMs(merchant: MerchantPromotion): number | null;
}

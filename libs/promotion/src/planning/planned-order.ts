import { jsonInteger, type PromotionOrderCause } from '@app/ledger';
import type { MerchantPromotion } from '../merchant-promotion.js';
import {
  mayBeSpentIn,
  type Allocation,
  type Slot,
  type SpendingDecision,
} from '../spending/index.js';
import type { PlannedOrder } from './planner.js';
import { unexpiredTraffic } from './spendable-lots.js';
import { totalOf } from './under-limits.js';

/** Names the rule in the cause of what it decides. */
export const SPENDING_POLICY = 'price-of-traffic/1';

/** What else was decided in one round is told of so many targets at most. */
const MAX_ALTERNATIVES = 8;

/** What a slot is given, and why. */
export interface Decided {
  slot: Slot;
  decision: SpendingDecision;
  allocations: readonly Allocation[];
}

/**
 * The order for a slot, with what it was decided on; null where it is given nothing.
 *
 * @param before what was decided in the same round ahead of it
 */
export function orderOf(
  { slot, decision, allocations }: Decided,
  merchant: MerchantPromotion,
  before: readonly Decided[],
): PlannedOrder | null {
  if (allocations.length === 0) return null;
  const byId = new Map(merchant.lots.map((lot) => [lot.lotId, lot]));
  const parts = allocations.map(({ lotId, impressions }) => ({
    lot: byId.get(lotId)!,
    amount: BigInt(impressions),
  }));
  const expiries = parts.map(({ lot }) => lot.expiresAtMs);
  return {
    placement: slot.placement,
    targetId: slot.targetId,
    parts: parts.map(({ lot, amount }) => ({
      lotId: lot.lotId,
      unit: lot.unit,
      amount,
    })),
    deadlineMs: Math.min(slot.untilMs, ...expiries),
    decision: {
      policy: SPENDING_POLICY,
      spendable: jsonInteger(spendableIn(merchant, slot)),
      slot: {
        kind: slot.targetKind,
        ...(slot.clipKind ? { clipKind: slot.clipKind } : {}),
        capacity: slot.capacity,
        until: new Date(slot.untilMs).toISOString(),
      },
      ...numbersOf(decision),
      alternatives: before.slice(-MAX_ALTERNATIVES).map((other) => ({
        targetId: other.slot.targetId,
        gmvMinorPerThousand: whole(other.decision.rate),
        impressions: totalOf(other.allocations),
      })),
    },
  };
}

function spendableIn(
  merchant: MerchantPromotion,
  { placement, atMs }: Slot,
): bigint {
  return unexpiredTraffic(merchant, atMs)
    .filter(({ unit }) => mayBeSpentIn(unit, placement))
    .reduce((sum, { available }) => sum + available, 0n);
}

/** What a decision was made on, in whole numbers: causes know no others. */
function numbersOf({
  rate,
  rateSpread,
  ownPrice,
  anyPrice,
}: SpendingDecision): Pick<
  PromotionOrderCause['decision'],
  'expected' | 'prices'
> {
  return {
    expected: {
      gmvMinorPerThousand: whole(rate),
      spreadPercent: whole((rateSpread - 1) * 100),
    },
    prices: {
      ...(ownPrice === null ? {} : { own: whole(ownPrice) }),
      ...(anyPrice === null ? {} : { any: whole(anyPrice) }),
    },
  };
}

function whole(value: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value)));
}

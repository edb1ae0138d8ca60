import { jsonInteger, type PromotionOrderCause } from '@app/ledger';
import type { MerchantPromotion } from '../merchant-promotion.js';
import {
  mayBeSpentIn,
  totalOf,
  type Allocation,
  type Slot,
  type SpendingDecision,
} from '../spending/index.js';
import type { OrderProbe } from './order-probe.js';
import type { PlannedOrder } from './planner.js';
import { SPENDING_POLICY } from './policy.js';
import { unexpiredTraffic } from './spendable-lots.js';

/** What else was decided in one round is told of so many targets at most: those that the most was expected of. */
const MAX_ALTERNATIVES = 8;

/** What a slot is given, and why. */
export interface Decided {
  slot: Slot;
  decision: SpendingDecision;
  /** What it was to be given whatever is expected. */
  probe: OrderProbe;
  /** What limits leave of the decision's. */
  allocations: readonly Allocation[];
}

/**
 * The order for a slot, with what it was decided on; null where it is given nothing.
 *
 * @param round all that was decided in the same round, this among it
 */
export function orderOf(
  decided: Decided,
  merchant: MerchantPromotion,
  round: readonly Decided[],
): PlannedOrder | null {
  const { slot, decision, allocations } = decided;
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
      ...explorationOf(decided),
      alternatives: alternativesTo(decided, round),
    },
  };
}

/** Where the price was not right for so many, and no limit asked for them either. */
function explorationOf({
  decision,
  probe,
  allocations,
}: Decided): Pick<PromotionOrderCause['decision'], 'explored' | 'drawnWith'> {
  const given = totalOf(allocations);
  const isRaised = given > totalOf(decision.allocations);
  if (isRaised || given <= decision.priced) return {};
  return {
    explored: true,
    ...(probe.seed === null ? {} : { drawnWith: probe.seed }),
  };
}

function alternativesTo(
  decided: Decided,
  round: readonly Decided[],
): PromotionOrderCause['decision']['alternatives'] {
  return round
    .filter((other) => other !== decided)
    .toSorted((a, b) => b.decision.rate - a.decision.rate)
    .slice(0, MAX_ALTERNATIVES)
    .map(({ slot, decision, allocations }) => ({
      targetId: slot.targetId,
      gmvMinorPerThousand: whole(decision.rate),
      impressions: totalOf(allocations),
    }));
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

import type { Placement } from '@app/contracts';
import { jsonInteger, type PromotionOrderCause } from '@app/ledger';
import { roomUnderLimits } from '../limits.js';
import type {
  MerchantPromotion,
  OpenLot,
  OpenOrder,
} from '../merchant-promotion.js';
import {
  allocate,
  learnResponse,
  mayBeSpentIn,
  type Allocation,
  type SharedMemory,
  type Slot,
  type SpendableLot,
  type SpendingDecision,
} from '../spending/index.js';
import { copyOf } from './merchant-spending.js';
import type { Plan, PlannedOrder, Planner } from './planner.js';
import { learnRoom } from './room-estimate.js';
import {
  forgetSlots,
  nextSlotBeginsMs,
  slotsBeginning,
} from './target-slots.js';
import { underLimits } from './under-limits.js';

/** Names the rule in the cause of what it decides. */
export const SPENDING_POLICY = 'price-of-traffic/1';

/** Of fewer impressions a report says hardly anything: not one in a hundred leads to an order. */
const LEAST_ORDER = 200;
/** What else was decided in one round is told of so many targets at most. */
const MAX_ALTERNATIVES = 8;

/** Plans slot by slot by the price of a merchant's traffic, with what the merchants of its shard have taught it. */
export class SpendingPlanner implements Planner {
  #isChanged = false;

  /** @param shared one's own: it is changed in place */
  constructor(private readonly shared: SharedMemory) {}

  /** What it has learnt of all merchants; null where that is nothing. */
  get learnt(): SharedMemory | null {
    return this.#isChanged ? this.shared : null;
  }

  plan(merchant: MerchantPromotion, merchantId: string): Plan {
    const idle = { orders: [], merchant };
    if (!merchant.autoPromotion.enabled) return idle;
    const slots = slotsBeginning(merchant, merchantId);
    if (slots.length === 0) return idle;
    const spending = copyOf(merchant.spending, merchant.category);
    this.#isChanged = true;
    forgetSlots(merchant, spending);
    const lots = spendableLots(merchant);
    const orders: PlannedOrder[] = [];
    const decided: Decided[] = [];
    for (const slot of slots) {
      const usable = lots.filter(
        ({ unit, available }) =>
          available > 0 && mayBeSpentIn(unit, slot.placement),
      );
      spending.slotEndsMs[slot.targetId] = slot.untilMs;
      spending.unfunded = [
        ...spending.unfunded.filter((id) => id !== slot.targetId),
        ...(usable.length === 0 ? [slot.targetId] : []),
      ];
      const available = new Map(lots.map((lot) => [lot.lotId, lot]));
      const decision = allocate(
        slot,
        lots,
        spending.memory,
        this.shared,
        LEAST_ORDER,
      );
      const allocations = underLimits(
        decision.allocations,
        roomLeft(merchant, slot, orders),
        usable,
      );
      decided.push({ slot, decision, allocations });
      for (const { lotId, impressions } of allocations)
        available.get(lotId)!.available -= impressions;
      const order = orderOf(slot, decision, allocations, merchant, decided);
      if (order) orders.push(order);
    }
    return { orders, merchant: { ...merchant, spending } };
  }

  learn(merchant: MerchantPromotion, order: OpenOrder): MerchantPromotion {
    const { slot, deliveredImpressions, deliveredOrders } = order;
    if (!slot || !merchant.spending) return merchant;
    this.#isChanged = true;
    const spending = copyOf(merchant.spending, merchant.category);
    // Turned on again, the merchant is planned for at once; and that it was turned off says nothing of the room.
    if (merchant.autoPromotion.enabled) learnRoom(spending, order);
    else delete spending.slotEndsMs[order.targetId];
    learnResponse(
      slotOf(order, slot),
      {
        impressions: Number(deliveredImpressions),
        gmvMinor: order.deliveredGmvMinor,
        orders: deliveredOrders,
      },
      spending.memory,
      this.shared,
    );
    return { ...merchant, spending };
  }

  nextPlanMs(merchant: MerchantPromotion): number | null {
    return nextPlanMs(merchant);
  }
}

/** When time alone gives a merchant something to plan; see {@link Planner.nextPlanMs}. */
export function nextPlanMs(merchant: MerchantPromotion): number | null {
  return nextSlotBeginsMs(merchant, merchant.spending);
}

interface Decided {
  slot: Slot;
  decision: SpendingDecision;
  allocations: readonly Allocation[];
}

function spendableLots({ lots, clockMs }: MerchantPromotion): SpendableLot[] {
  return lots.flatMap(({ lotId, unit, available, expiresAtMs }) =>
    unit !== 'CNY' && available > 0n && expiresAtMs > clockMs
      ? [{ lotId, unit, expiresAtMs, available: Number(available) }]
      : [],
  );
}

/** What limits leave for a target, what is planned already taken off. */
function roomLeft(
  merchant: MerchantPromotion,
  { placement, targetId, atMs }: Slot,
  planned: readonly PlannedOrder[],
): { most: number; least: number } {
  const { most, least } = roomUnderLimits(merchant, placement, targetId, atMs);
  const before = planned
    .flatMap(({ parts }) => parts)
    .reduce((sum, { amount }) => sum + amount, 0n);
  return {
    most: most > before ? Number(most - before) : 0,
    least: Number(least),
  };
}

function orderOf(
  slot: Slot,
  decision: SpendingDecision,
  allocations: readonly Allocation[],
  { lots }: MerchantPromotion,
  decided: readonly Decided[],
): PlannedOrder | null {
  if (allocations.length === 0) return null;
  const byId = new Map(lots.map((lot) => [lot.lotId, lot]));
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
      spendable: jsonInteger(spendableIn(lots, slot)),
      slot: {
        kind: slot.targetKind,
        capacity: slot.capacity,
        until: new Date(slot.untilMs).toISOString(),
      },
      ...numbersOf(decision),
      alternatives: decided
        .filter((other) => other.slot !== slot)
        .slice(-MAX_ALTERNATIVES)
        .map(
          ({ slot: { targetId }, decision: { rate }, allocations: given }) => ({
            targetId,
            gmvMinorPerThousand: whole(rate),
            impressions: given.reduce(
              (sum, { impressions }) => sum + impressions,
              0,
            ),
          }),
        ),
    },
  };
}

function spendableIn(
  lots: readonly OpenLot[],
  { placement, atMs }: { placement: Placement; atMs: number },
): bigint {
  return lots
    .filter(
      ({ unit, expiresAtMs }) =>
        unit !== 'CNY' && expiresAtMs > atMs && mayBeSpentIn(unit, placement),
    )
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

function slotOf(
  { placement, targetId, orderedAtMs }: OpenOrder,
  { targetKind, capacity, untilMs }: NonNullable<OpenOrder['slot']>,
): Slot {
  return {
    // Nothing is learnt by whose it is.
    merchantId: '',
    placement,
    targetId,
    targetKind,
    atMs: orderedAtMs,
    untilMs,
    capacity,
  };
}

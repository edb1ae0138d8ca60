import type { ReleaseCause } from '@app/ledger';
import { copyJson } from '../copy-json.js';
import { roomUnderLimits } from '../limits.js';
import type { MerchantPromotion, OpenOrder } from '../merchant-promotion.js';
import {
  allocate,
  learnResponse,
  mayBeSpentIn,
  totalOf,
  type SharedMemory,
  type Slot,
} from '../spending/index.js';
import {
  copyOf,
  inCategory,
  targetKey,
  type MerchantSpending,
} from './merchant-spending.js';
import { probeByOrder } from './order-probe.js';
import { orderOf, type Decided } from './planned-order.js';
import type { Plan, Planner } from './planner.js';
import { learnRoom } from './room-estimate.js';
import { spendableLots } from './spendable-lots.js';
import { forgetSlots, nextPlanMs, slotsBeginning } from './target-slots.js';
import { underLimits } from './under-limits.js';

/** Plans slot by slot by the price of a merchant's traffic, with what the merchants of its shard have taught it. */
export class SpendingPlanner implements Planner {
  readonly nextPlanMs = nextPlanMs;
  #learnt: SharedMemory | null = null;
  /** Made here: nobody else has them, so that they may be changed in place. */
  readonly #own = new WeakSet<MerchantSpending>();

  /** @param known what was learnt of all merchants before; it is not changed */
  constructor(private readonly known: SharedMemory) {}

  /** What it knows of all merchants by now; null where that is what was known. */
  get learnt(): SharedMemory | null {
    return this.#learnt;
  }

  /** One's own, to be changed in place: most batches change nothing, and need no copy. */
  get #shared(): SharedMemory {
    return (this.#learnt ??= copyJson(this.known));
  }

  plan(merchant: MerchantPromotion): Plan {
    const idle = { orders: [], merchant };
    if (!merchant.autoPromotion.enabled) return idle;
    const slots = slotsBeginning(merchant);
    if (slots.length === 0) return idle;
    const spending = this.#ownOf(merchant);
    forgetSlots(merchant, spending);
    const lots = spendableLots(merchant);
    const byId = new Map(lots.map((lot) => [lot.lotId, lot]));
    const decided: Decided[] = [];
    for (const slot of slots) {
      const usable = lots.filter(
        ({ unit, available }) =>
          available > 0 && mayBeSpentIn(unit, slot.placement),
      );
      const key = targetKey(slot);
      const share = shareBehind(spending.slotEndsMs[key], slot);
      spending.slotEndsMs[key] = slot.untilMs;
      const probe = probeByOrder(slot, spending.memory);
      const decision = allocate(
        slot,
        lots,
        spending.memory,
        this.#shared,
        probe.impressions,
        share,
      );
      const allocations = underLimits(
        decision.allocations,
        roomLeft(merchant, slot, decided),
        usable,
      );
      const isWithheld =
        usable.length === 0 ||
        (allocations.length === 0 && decision.allocations.length > 0);
      spending.unfunded = [
        ...spending.unfunded.filter((other) => other !== key),
        ...(isWithheld ? [key] : []),
      ];
      for (const { lotId, impressions } of allocations)
        byId.get(lotId)!.available -= impressions;
      decided.push({ slot, decision, probe, allocations });
    }
    // Only now is it known what all were given: each order tells what the others were.
    const orders = decided.flatMap(
      (one) => orderOf(one, merchant, decided) ?? [],
    );
    return { orders, merchant: { ...merchant, spending } };
  }

  learn(
    merchant: MerchantPromotion,
    order: OpenOrder,
    reason: ReleaseCause['reason'],
  ): MerchantPromotion {
    const { slot, deliveredImpressions, deliveredOrders } = order;
    if (!slot || !merchant.spending) return merchant;
    const spending = this.#ownOf(merchant);
    // When it may, the slot begins anew at once.
    if (ENDED_BY_MERCHANT.has(reason)) spending.unfunded.push(targetKey(order));
    if (tellsRoom(order, reason)) learnRoom(spending, order);
    learnResponse(
      slotOf(order, slot),
      {
        impressions: Number(deliveredImpressions),
        gmvMinor: order.deliveredGmvMinor,
        orders: deliveredOrders,
      },
      spending.memory,
      this.#shared,
    );
    return { ...merchant, spending };
  }

  #ownOf({ spending, category }: MerchantPromotion): MerchantSpending {
    const own =
      spending && this.#own.has(spending)
        ? inCategory(spending, category)
        : copyOf(spending, category);
    this.#own.add(own);
    return own;
  }
}

/** The share of a slot's time that lies behind the end of the target's slot before, if there was one. */
function shareBehind(
  endMs: number | undefined,
  { atMs, untilMs }: Slot,
): number {
  const behindMs = untilMs - Math.max(atMs, endMs ?? atMs);
  return Math.max(0, behindMs) / (untilMs - atMs);
}

const ENDED_BY_MERCHANT: ReadonlySet<ReleaseCause['reason']> = new Set([
  'switched_off',
  'limits_changed',
]);

/** Whether what came of an order was all that there was room for, as far as anybody knows. */
function tellsRoom(
  { deliveredImpressions }: OpenOrder,
  reason: ReleaseCause['reason'],
): boolean {
  return deliveredImpressions > 0n
    ? !ENDED_BY_MERCHANT.has(reason)
    : reason === 'completed';
}

/** What limits leave for a target, what was decided already taken off. */
function roomLeft(
  merchant: MerchantPromotion,
  { placement, targetId, atMs }: Slot,
  decided: readonly Decided[],
): { most: number; least: number } {
  const { most, least } = roomUnderLimits(merchant, placement, targetId, atMs);
  const before = decided.reduce(
    (sum, { allocations }) => sum + BigInt(totalOf(allocations)),
    0n,
  );
  return {
    most: most > before ? Number(most - before) : 0,
    least: Number(least),
  };
}

function slotOf(
  { placement, targetId, orderedAtMs }: OpenOrder,
  { targetKind, clipKind, capacity, untilMs }: NonNullable<OpenOrder['slot']>,
): Slot {
  return {
    placement,
    targetId,
    targetKind,
    ...(clipKind ? { clipKind } : {}),
    atMs: orderedAtMs,
    untilMs,
    capacity,
  };
}

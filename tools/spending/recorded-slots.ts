import type { Placement } from '@app/contracts';
import type { PromotionOrderCause } from '@app/ledger';
import type { Segment, TraceSlot } from '@app/promotion';

/** A promotion order, and what came of it. */
export interface RecordedOrder {
  placement: Placement;
  targetId: string;
  atMs: number;
  /** Null where its policy planned no slots. */
  slot: PromotionOrderCause['decision']['slot'] | null;
  /** Impressions, as all that follows. */
  ordered: number;
  delivered: number;
  /** In fen. */
  gmvMinor: number;
  isClosed: boolean;
}

/**
 * The slots that orders were planned for. Where less came than was ordered, that was all the room; else it is what the
 * target was thought to take. What was delivered earns what it earned; the room beyond it earns by the mean rate of
 * the target's orders, or, where there was none, of the placement's.
 */
export function recordedSlots(
  merchantId: string,
  orders: readonly RecordedOrder[],
): TraceSlot[] {
  const rates = new Map<string, Rate>();
  for (const { placement, targetId, delivered, gmvMinor } of orders)
    for (const key of [placement, `${placement} ${targetId}`]) {
      const rate = rates.get(key) ?? { delivered: 0, gmvMinor: 0 };
      rate.delivered += delivered;
      rate.gmvMinor += gmvMinor;
      rates.set(key, rate);
    }
  const rateOf = ({ placement, targetId }: RecordedOrder) => {
    const own = rates.get(`${placement} ${targetId}`)!;
    return perThousand(own.delivered > 0 ? own : rates.get(placement)!);
  };
  return orders.flatMap((order): TraceSlot[] => {
    const { placement, targetId, atMs, slot } = order;
    const capacity = roomOf(order);
    const untilMs = slot ? Date.parse(slot.until) : atMs;
    if (!slot || capacity === 0 || untilMs <= atMs) return [];
    return [
      {
        kind: 'slot',
        merchantId,
        placement,
        targetId,
        targetKind: slot.kind,
        ...(slot.clipKind ? { clipKind: slot.clipKind } : {}),
        atMs,
        untilMs,
        capacity,
        segments: segmentsOf(order, capacity, rateOf(order)),
        noise: 1,
      },
    ];
  });
}

interface Rate {
  delivered: number;
  gmvMinor: number;
}

function roomOf({ slot, ordered, delivered, isClosed }: RecordedOrder): number {
  return isClosed && delivered < ordered
    ? delivered
    : Math.max(Number(slot?.capacity ?? 0), ordered);
}

function segmentsOf(
  order: RecordedOrder,
  capacity: number,
  beyondPerThousand: number,
): Segment[] {
  const { delivered } = order;
  return [
    { impressions: delivered, gmvMinorPerThousand: perThousand(order) },
    {
      impressions: capacity - delivered,
      gmvMinorPerThousand: beyondPerThousand,
    },
  ].filter(({ impressions }) => impressions > 0);
}

function perThousand({ delivered, gmvMinor }: Rate): number {
  return delivered > 0 ? (gmvMinor / delivered) * 1_000 : 0;
}

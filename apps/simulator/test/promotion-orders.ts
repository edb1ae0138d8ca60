import type {
  ActivityEventOf,
  PromotionOrderData,
  PromotionOrderEvent,
} from '@app/contracts';

export const HOUR_MS = 3_600_000;
export const NOW_MS = Date.parse('2026-11-11T20:00:00+08:00');

type Ordered = Extract<PromotionOrderEvent, { type: 'promotion.ordered' }>;
type Cancelled = Extract<PromotionOrderEvent, { type: 'promotion.cancelled' }>;

/** An order of the merchant m1, placed now, for an hour. */
export function ordered(
  promotionOrderId: string,
  data: Partial<PromotionOrderData<'promotion.ordered'>> = {},
): Ordered {
  return {
    ...envelope(`${promotionOrderId}/ordered`, NOW_MS),
    type: 'promotion.ordered',
    data: {
      promotionOrderId,
      placement: 'live',
      impressions: 1_000,
      deadline: new Date(NOW_MS + HOUR_MS).toISOString(),
      ...data,
    },
  };
}

export function cancelled(promotionOrderId: string): Cancelled {
  return {
    ...envelope(`${promotionOrderId}/cancelled`, NOW_MS),
    type: 'promotion.cancelled',
    data: { promotionOrderId },
  };
}

export function sessionEnded(
  sessionId: string,
  atMs = NOW_MS,
): ActivityEventOf<'live.ended'> {
  return {
    ...envelope(`${sessionId}/ended`, atMs),
    type: 'live.ended',
    data: { sessionId, durationSeconds: 3_600 },
  };
}

function envelope(id: string, occurredAtMs: number) {
  return { source: 'urn:test', id, merchantId: 'm1', occurredAtMs };
}

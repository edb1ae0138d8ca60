import { z } from 'zod';
import { amount } from './amount.js';
import { identifier } from './cloud-event.js';
import { PLACEMENTS } from './units.js';

/** The data of each event type of `promotion.delivery.v1`. */
export const deliveryData = {
  'promotion.delivered': z.object({
    promotionOrderId: identifier,
    impressions: amount.describe('Since the last report'),
    clicks: amount.describe('Since the last report'),
    orders: amount.describe('Since the last report'),
    gmvMinor: amount.describe('Since the last report, in fen'),
  }),
  'promotion.closed': z.object({
    promotionOrderId: identifier,
    reason: z.enum(['completed', 'session_ended', 'cancelled', 'rejected']),
  }),
} as const;

export type DeliveryType = keyof typeof deliveryData;
export type DeliveryData<T extends DeliveryType> = z.infer<
  (typeof deliveryData)[T]
>;

/** The data of each event type of `promotion.orders.v1`, which the projector publishes. */
export const promotionOrderData = {
  'promotion.ordered': z.object({
    promotionOrderId: identifier,
    placement: z.enum(PLACEMENTS).describe('Where the traffic is to be shown'),
    sessionId: identifier.optional().describe('Given for `live`'),
    videoId: identifier.optional().describe('Given for `short_video`'),
    impressions: amount,
    deadline: z.iso
      .datetime({ offset: true })
      .describe('RFC 3339: what is not delivered by then is released'),
  }),
  'promotion.cancelled': z.object({ promotionOrderId: identifier }),
} as const;

export type PromotionOrderType = keyof typeof promotionOrderData;
export type PromotionOrderData<T extends PromotionOrderType> = z.infer<
  (typeof promotionOrderData)[T]
>;

import { z } from 'zod';
import { amount, positiveAmount } from './amount.js';
import { autoPromotionLimits } from './auto-promotion-limits.js';
import { identifier } from './cloud-event.js';
import { CHANNELS, CLIP_KINDS } from './units.js';

const channel = z
  .enum(CHANNELS)
  .describe('Where the order or the follower came from');
const amountMinor = amount.describe('In fen');
const switchedBy = identifier.describe('Who switched');

/** The data of each event type of `merchant.activity.v1`. Unknown fields are let through and not read. */
export const activityData = {
  'merchant.registered': z.object({
    category: identifier,
    followers: amount,
  }),
  'live.started': z.object({ sessionId: identifier, followers: amount }),
  'live.ended': z.object({ sessionId: identifier, durationSeconds: amount }),
  'order.paid': z.object({
    orderId: identifier,
    amountMinor,
    channel,
    sessionId: identifier.optional(),
    videoId: identifier.optional(),
    productId: identifier.optional(),
  }),
  'order.refunded': z.object({
    orderId: identifier,
    amountMinor,
    returnFreightMinor: amount
      .describe('What the return costs in freight, in fen')
      .optional(),
  }),
  'follower.gained': z.object({
    count: positiveAmount,
    channel,
    sessionId: identifier.optional(),
    videoId: identifier.optional(),
  }),
  'video.published': z.object({
    videoId: identifier,
    shoppable: z.boolean().describe('Whether it sells products'),
    clip: z
      .object({
        sessionId: identifier,
        kind: z.enum(CLIP_KINDS),
      })
      .describe('Given where it is cut from a stream')
      .optional(),
  }),
  'product.listed': z.object({ productId: identifier }),
  'ads.spent': z.object({
    amountMinor: amount.describe('Of the merchant’s own money, in fen'),
  }),
  'risk.flagged': z.object({
    target: z.object({
      kind: z.enum(['order', 'session', 'merchant']),
      id: identifier,
    }),
    reason: identifier,
  }),
  'auto_promotion.enabled': z.object({
    by: switchedBy,
    limits: autoPromotionLimits
      .describe('All the limits that hold from then on')
      .optional(),
  }),
  'auto_promotion.disabled': z.object({ by: switchedBy }),
} as const;

export type ActivityType = keyof typeof activityData;
export type ActivityData<T extends ActivityType> = z.infer<
  (typeof activityData)[T]
>;

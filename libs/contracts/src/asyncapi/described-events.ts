import type { ActivityData, ActivityType } from '../activity.js';
import type {
  DeliveryData,
  DeliveryType,
  PromotionOrderData,
  PromotionOrderType,
} from '../promotion.js';

/** What the document says of an event type beside its schema. */
export interface DescribedEvent<Data = unknown> {
  summary: string;
  example: Data;
}

export const describedActivity: {
  [T in ActivityType]: DescribedEvent<ActivityData<T>>;
} = {
  'merchant.registered': {
    summary: 'A merchant has joined the platform',
    example: { category: 'apparel', followers: 0 },
  },
  'live.started': {
    summary: 'A livestream has begun',
    example: { sessionId: 's-9', followers: 1_250 },
  },
  'live.ended': {
    summary: 'A livestream has ended',
    example: { sessionId: 's-9', durationSeconds: 7_260 },
  },
  'order.paid': {
    summary: 'A buyer has paid an order',
    example: {
      orderId: 'o-7781',
      amountMinor: 12_900,
      channel: 'live',
      sessionId: 's-9',
      productId: 'p-31',
    },
  },
  'order.refunded': {
    summary: 'A buyer got money back; may come before its order',
    example: {
      orderId: 'o-7781',
      amountMinor: 12_900,
      returnFreightMinor: 800,
    },
  },
  'follower.gained': {
    summary: 'A merchant has gained followers',
    example: { count: 3, channel: 'live', sessionId: 's-9' },
  },
  'video.published': {
    summary: 'A merchant has published a short video',
    example: {
      videoId: 'v-4',
      shoppable: true,
      clip: { sessionId: 's-9', kind: 'highlight' },
    },
  },
  'product.listed': {
    summary: 'A merchant has listed a product',
    example: { productId: 'p-31' },
  },
  'ads.spent': {
    summary: 'A merchant has spent money on ads',
    example: { amountMinor: 50_000 },
  },
  'risk.flagged': {
    summary: 'An order, a livestream or a merchant is not to be trusted',
    example: {
      target: { kind: 'order', id: 'o-7781' },
      reason: 'self_purchase',
    },
  },
  'auto_promotion.enabled': {
    summary: 'A merchant’s switch is on, with these limits',
    example: {
      by: 'merchant',
      limits: { dailyCapImpressions: 200_000, placements: ['live'] },
    },
  },
  'auto_promotion.disabled': {
    summary: 'A merchant’s switch is off',
    example: { by: 'merchant' },
  },
};

export const describedDelivery: {
  [T in DeliveryType]: DescribedEvent<DeliveryData<T>>;
} = {
  'promotion.delivered': {
    summary: 'What was delivered of a promotion order since the last report',
    example: {
      promotionOrderId: 'promotions-5-4711',
      impressions: 1_800,
      clicks: 96,
      orders: 4,
      gmvMinor: 51_600,
    },
  },
  'promotion.closed': {
    summary: 'A promotion order has ended; what is left is released',
    example: { promotionOrderId: 'promotions-5-4711', reason: 'completed' },
  },
};

export const describedPromotionOrders: {
  [T in PromotionOrderType]: DescribedEvent<PromotionOrderData<T>>;
} = {
  'promotion.ordered': {
    summary: 'Deliver this much, there, by then; the same order may come again',
    example: {
      promotionOrderId: 'promotions-5-4711',
      placement: 'live',
      sessionId: 's-9',
      impressions: 20_000,
      deadline: '2024-11-11T21:00:00+08:00',
    },
  },
  'promotion.cancelled': {
    summary: 'Deliver no more of this order',
    example: { promotionOrderId: 'promotions-5-4711' },
  },
};

import {
  activityData,
  type ActivityData,
  type ActivityType,
} from './activity.js';
import type { CloudEvent } from './cloud-event.js';
import {
  deliveryData,
  promotionOrderData,
  type DeliveryData,
  type DeliveryType,
  type PromotionOrderData,
  type PromotionOrderType,
} from './promotion.js';

interface Received<Type extends string, Data> {
  source: string;
  id: string;
  type: Type;
  merchantId: string;
  /** When it happened: milliseconds since the Unix epoch. */
  occurredAtMs: number;
  data: Data;
}

/** An event of `merchant.activity.v1` after validation; narrow it by `type`. */
export type ActivityEvent = {
  [T in ActivityType]: Received<T, ActivityData<T>>;
}[ActivityType];
export type ActivityEventOf<T extends ActivityType> = Extract<
  ActivityEvent,
  { type: T }
>;

/** An event of `promotion.delivery.v1` after validation; narrow it by `type`. */
export type DeliveryEvent = {
  [T in DeliveryType]: Received<T, DeliveryData<T>>;
}[DeliveryType];

/** An event of `promotion.orders.v1` after validation; narrow it by `type`. */
export type PromotionOrderEvent = {
  [T in PromotionOrderType]: Received<T, PromotionOrderData<T>>;
}[PromotionOrderType];

/** What a service publishes, before it is put on the wire. */
export type ActivityCloudEvent = {
  [T in ActivityType]: CloudEvent<T, ActivityData<T>>;
}[ActivityType];
export type DeliveryCloudEvent = {
  [T in DeliveryType]: CloudEvent<T, DeliveryData<T>>;
}[DeliveryType];
export type PromotionOrderCloudEvent = {
  [T in PromotionOrderType]: CloudEvent<T, PromotionOrderData<T>>;
}[PromotionOrderType];

/** Everything that may stand on one topic: its event types and the schema of each one's data. */
export interface TopicContract<Event> {
  schemas: Readonly<Record<string, import('zod').ZodType>>;
  /** Only for the compiler. */
  readonly event?: Event;
}

export const activityContract: TopicContract<ActivityEvent> = {
  schemas: activityData,
};
export const deliveryContract: TopicContract<DeliveryEvent> = {
  schemas: deliveryData,
};
export const promotionOrderContract: TopicContract<PromotionOrderEvent> = {
  schemas: promotionOrderData,
};

import type { z } from 'zod';
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
import { TOPICS, type Topic } from './topics.js';

/** What every event has beside its data. */
export interface EventHead<Type extends string = string> {
  /** Who says it: together with `id` it identifies the event. */
  source: string;
  id: string;
  type: Type;
  merchantId: string;
  /** When it happened: milliseconds since the Unix epoch. */
  occurredAtMs: number;
}

interface Received<Type extends string, Data> extends EventHead<Type> {
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

/** The event as it goes on the wire. */
export type CloudEventOf<Event> = Event extends {
  type: infer Type extends string;
  data: infer Data;
}
  ? CloudEvent<Type, Data>
  : never;

/** What a service publishes, before it is put on the wire. */
export type ActivityCloudEvent = CloudEventOf<ActivityEvent>;
export type DeliveryCloudEvent = CloudEventOf<DeliveryEvent>;
export type PromotionOrderCloudEvent = CloudEventOf<PromotionOrderEvent>;

/** Everything that may stand on one topic: its event types and the schema of each one's data. */
export interface TopicContract<Event> {
  topic: Topic;
  schemas: Readonly<Record<string, z.ZodType>>;
  /** Only for the compiler. */
  readonly event?: Event;
}

export const activityContract: TopicContract<ActivityEvent> = {
  topic: TOPICS.activity,
  schemas: activityData,
};
export const deliveryContract: TopicContract<DeliveryEvent> = {
  topic: TOPICS.delivery,
  schemas: deliveryData,
};
export const promotionOrderContract: TopicContract<PromotionOrderEvent> = {
  topic: TOPICS.orders,
  schemas: promotionOrderData,
};

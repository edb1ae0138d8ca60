/** Kafka topics of the system. A topic's version is part of its name: a breaking change is a new topic. */
export const TOPICS = {
  /** What merchants did, published by the platform's services; key = merchant id. */
  activity: 'merchant.activity.v1',
  /** What the ad-delivery service did with promotion orders; key = merchant id. */
  delivery: 'promotion.delivery.v1',
  /** Instructions to the ad-delivery service; key = merchant id. */
  orders: 'promotion.orders.v1',
  /** Messages that could not be read or were refused, unchanged, with the reason in their headers. */
  deadLetters: 'merchant.activity.dlq.v1',
} as const;

export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

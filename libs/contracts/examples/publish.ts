// What an order service publishes when a buyer pays, and then gets the money back.
// KAFKA_BROKERS says where to, `host:port`, several parted by commas.
import { randomUUID } from 'node:crypto';
import {
  activityContract,
  eventBuilders,
  InvalidEventError,
} from '@traffic-reward-ledger/contracts';
import { EventProducer } from '@traffic-reward-ledger/contracts/kafkajs';
import { Kafka } from 'kafkajs';

const kafka = new Kafka({
  clientId: 'order-service',
  brokers: (process.env.KAFKA_BROKERS || '127.0.0.1:9092').split(','),
});
const producer = new EventProducer(kafka, activityContract);
const said = eventBuilders(activityContract, 'urn:example:orders');

const merchantId = 'm-42';
const orderId = `o-${randomUUID()}`;
const paid = said['order.paid']({
  // Follows from the fact: published again, it is the same event.
  id: `${orderId}/paid`,
  merchantId,
  occurredAtMs: Date.now(),
  data: { orderId, amountMinor: 12_900, channel: 'live', sessionId: 's-9' },
});
const refunded = said['order.refunded']({
  id: `${orderId}/refunded`,
  merchantId,
  occurredAtMs: Date.now(),
  data: { orderId, amountMinor: 12_900, returnFreightMinor: 800 },
});

try {
  await producer.publish([paid, refunded]);
  console.log(`published ${paid.id} and ${refunded.id}`);
} finally {
  await producer.disconnect();
}

try {
  said['ads.spent']({
    id: 'ads-1',
    merchantId,
    occurredAtMs: Date.now(),
    data: { amountMinor: -1 },
  });
} catch (error) {
  if (!(error instanceof InvalidEventError)) throw error;
  console.log(`refused ${error.message}`);
}

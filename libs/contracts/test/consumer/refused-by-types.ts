// Compiled by the test of the package, never run: an error that is expected and not there is one itself.
import {
  activityContract,
  buildEvent,
  deliveryContract,
  eventBuilders,
} from '@traffic-reward-ledger/contracts';
import { EventProducer } from '@traffic-reward-ledger/contracts/kafkajs';
import type { Kafka } from 'kafkajs';

declare const kafka: Kafka;
const head = { id: '1', merchantId: 'm-1', occurredAtMs: 0 };
const said = eventBuilders(activityContract, 'urn:example');
const reports = new EventProducer(kafka, deliveryContract);

// @ts-expect-error there is no such type
void said['order.lost'];
// @ts-expect-error an amount is a number
said['ads.spent']({ ...head, data: { amountMinor: '1' } });
// @ts-expect-error the merchant is left out
said['ads.spent']({ id: '1', occurredAtMs: 0, data: { amountMinor: 1 } });
// @ts-expect-error a field is misspelt
said['ads.spent']({ ...head, data: { amountMinor: 1, curency: 'CNY' } });
buildEvent(activityContract, {
  ...head,
  source: 'urn:example',
  type: 'live.ended',
  // @ts-expect-error the data is another type's
  data: { amountMinor: 1 },
});

const spent = said['ads.spent']({ ...head, data: { amountMinor: 1 } });
// @ts-expect-error it belongs on another topic
void reports.publish([spent]);

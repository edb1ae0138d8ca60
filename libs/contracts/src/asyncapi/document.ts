import {
  activityContract,
  deliveryContract,
  promotionOrderContract,
} from '../event.js';
import { TOPICS } from '../topics.js';
import { CONTRACT_VERSION } from '../version.js';
import {
  describedActivity,
  describedDelivery,
  describedPromotionOrders,
} from './described-events.js';
import { deadLetterMessage, messagesOf } from './messages.js';
import { componentSchemas } from './schemas.js';

const CHANNELS = [
  {
    name: 'activity',
    action: 'receive',
    contract: activityContract,
    description:
      'What merchants did, published by the platform’s services. As many partitions as there are shards; a message is on the partition that Kafka’s default partitioner (murmur2) gives to its key. One on another partition is forwarded to its own, with the header `forwarded-from`.',
    events: describedActivity,
    exampleSource: 'urn:platform:orders',
  },
  {
    name: 'delivery',
    action: 'receive',
    contract: deliveryContract,
    description:
      'What the ad-delivery service did with promotion orders. Partitioned as the activity is.',
    events: describedDelivery,
    exampleSource: 'urn:platform:ad-delivery',
  },
  {
    name: 'orders',
    action: 'send',
    contract: promotionOrderContract,
    description:
      'Instructions to the ad-delivery service, at least once. Partitioned as the activity is.',
    events: describedPromotionOrders,
    exampleSource: '/promoter',
  },
] as const;

/**
 * The contract as an AsyncAPI document, from the schemas that messages are validated by. It speaks for the ledger, which
 * receives what services send.
 *
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument(): object {
  const channels = CHANNELS.map(
    ({ name, action, contract, description, events, exampleSource }) => ({
      name,
      action,
      address: contract.topic,
      description,
      messages: Object.assign(
        {},
        ...Object.entries(events).map(([type, described]) =>
          messagesOf(type, described, exampleSource),
        ),
      ) as Record<string, object>,
    }),
  );
  const all = [
    ...channels,
    {
      name: 'deadLetters',
      action: 'send',
      address: TOPICS.deadLetters,
      description:
        'Messages of the activity and of the delivery reports that could not be read or were refused, unchanged, with the reason in their headers. A message may stand here twice.',
      messages: { deadLetter: deadLetterMessage() },
    },
  ];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Traffic-reward ledger',
      version: CONTRACT_VERSION,
      description:
        'CloudEvents 1.0 in JSON over Kafka, in structured or in binary mode, with the merchant id as key; a message’s value has at most 256 KiB. Times are RFC 3339 with an offset, amounts whole numbers up to 2^53 - 1. Fields of `data` that are not listed are let through and not read, but for the limits of the switch, where they are refused.',
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      kafka: {
        host: '{brokers}',
        protocol: 'kafka',
        variables: {
          brokers: {
            default: '127.0.0.1:9092',
            description: '`host:port` of one of the brokers',
          },
        },
      },
    },
    channels: Object.fromEntries(
      all.map(({ name, address, description, messages }) => [
        name,
        {
          address,
          description,
          messages: refsTo(messages, '#/components/messages'),
        },
      ]),
    ),
    operations: Object.fromEntries(
      all.map(({ name, action, messages }) => [
        `${action}.${name}`,
        {
          action,
          channel: { $ref: `#/channels/${name}` },
          messages: Object.values(
            refsTo(messages, `#/channels/${name}/messages`),
          ),
        },
      ]),
    ),
    components: {
      messages: Object.assign({}, ...all.map(({ messages }) => messages)),
      schemas: componentSchemas(CHANNELS.map(({ contract }) => contract)),
    },
  };
}

function refsTo(
  messages: Record<string, object>,
  place: string,
): Record<string, { $ref: string }> {
  return Object.fromEntries(
    Object.keys(messages).map((name) => [name, { $ref: `${place}/${name}` }]),
  );
}

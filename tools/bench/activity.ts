import { contentHash, eventKey, type ActivityEvent } from '@app/contracts';
import { parseProgram, type Program } from '@app/programs';
import type { GranterMessage } from '../../apps/granter/src/grant.js';

const SOURCE = 'urn:bench';
const TOPIC = 'bench';
const OCCURRED_AT_MS = Date.parse('2026-11-11T12:00:00+08:00');

/** A program that pays every merchant once: for so many orders. */
export function payingEvery(orders: number): Program {
  return parseProgram(
    `
program: bench
version: 1
title: { zh: 基准, en: Bench }
pools: { ANY_IMP: 1000000000000 }
goals:
  - goal: orders
    metric: orders
    period: week
    tiers:
      - tier: reached
        at: ${orders}
        rewards: [{ unit: ANY_IMP, amount: 1000, expiresAfterDays: 30 }]
`,
    'bench.yaml',
  );
}

/** Orders of one shard as the granter has them off Kafka, `ordersEach` of each merchant one after the other. */
export function orders(
  shard: number,
  from: number,
  count: number,
  ordersEach: number,
): GranterMessage[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return toMessage(shard, number, {
      source: SOURCE,
      id: `order-${shard}-${number}`,
      type: 'order.paid',
      merchantId: `merchant-${shard}-${Math.floor(number / ordersEach)}`,
      occurredAtMs: OCCURRED_AT_MS,
      data: {
        orderId: `o-${shard}-${number}`,
        amountMinor: 9_900,
        channel: 'live',
      },
    });
  });
}

function toMessage(
  shard: number,
  number: number,
  event: ActivityEvent,
): GranterMessage {
  const { type, merchantId, occurredAtMs, data, source, id } = event;
  const position = BigInt(number);
  return {
    position,
    message: {
      topic: TOPIC,
      partition: shard,
      position,
      key: null,
      value: null,
      headers: {},
    },
    read: {
      ok: true,
      event,
      key: eventKey(source, id),
      hash: contentHash({ type, merchantId, occurredAtMs, data }),
      partition: shard,
    },
  };
}

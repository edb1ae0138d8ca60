import { setTimeout as sleep } from 'node:timers/promises';
import { shardOf, TOPICS, writeEvent } from '@app/contracts';
import {
  expectedGrants,
  readOrdersFile,
  type ExpectedGrant,
} from './oracle/order-ladder.js';
import { eventually } from './support/eventually.js';
import { happening } from './support/merchants.js';
import { readTopic } from './support/read-topic.js';
import { decideAgain, PROGRAMS } from './support/second-granter.js';
import { System } from './support/system.js';

const SHARDS = 64;

describe('orders become grants', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start();
  });

  afterAll(() => system.stop());

  it('grants for a replayed file what an independent calculation gives', async () => {
    const rows = readOrdersFile(system.orders.path);
    const printed = await system.replay();
    expect(printed).toContain(
      `replayed ${rows.length.toLocaleString('en-US')} orders`,
    );
    expect(inOrder(await system.ledger.grants())).toEqual(
      inOrder(expectedGrants(rows)),
    );
  });

  it('shows every account in the trial balance, each unit summing to zero', async () => {
    const response = await fetch(
      `${system.stack.apiUrl}/v1/ledger/trial-balance`,
      { headers: await system.stack.authorization('auditor') },
    );
    const { accounts } = (await response.json()) as {
      accounts: { account: string; unit: string; balance: number }[];
    };
    const sums = new Map<string, number>();
    for (const { unit, balance } of accounts)
      sums.set(unit, (sums.get(unit) ?? 0) + balance);
    expect([...sums.values()].filter((sum) => sum !== 0)).toEqual([]);
    const issued = accounts
      .filter(({ account }) => account === 'issuance')
      .map(({ unit, balance }) => [unit, -balance]);
    expect(Object.fromEntries(issued)).toEqual(budgets());
  });

  it('adds nothing where the file is replayed a second time', async () => {
    const before = await system.ledger.countEntries('grant');
    const printed = await system.replay();
    expect(printed).toContain('granted meanwhile nothing');
    expect(await system.ledger.countEntries('grant')).toBe(before);
  });

  it('expires at once what old events earned', async () => {
    await eventually(async () => {
      expect(
        await system.ledger.all(
          `SELECT unit FROM shard_balance WHERE account = 'available' GROUP BY unit HAVING sum(amount) <> 0`,
        ),
      ).toEqual([]);
    });
  });

  it('counts an event on a partition that is not its own there where it belongs, once', async () => {
    const merchantId = 'merchant-of-a-crc32-client';
    const shard = shardOf(merchantId, SHARDS);
    const message = {
      topic: TOPICS.activity,
      ...writeEvent(
        happening(merchantId, 'order.paid', {
          orderId: 'misrouted-1',
          amountMinor: 4_200,
          channel: 'shelf',
        }),
      ),
    };
    const elsewhere = { ...message, partition: (shard + 1) % SHARDS };
    await system.services.send([elsewhere, elsewhere, message]);
    await eventually(async () => {
      expect(await activityOf(merchantId)).toEqual([{ shard }]);
    });
    await sleep(1_000);
    expect(await activityOf(merchantId)).toEqual([{ shard }]);
  });

  it('sends on what it must not count, with the reason, and goes on', async () => {
    const merchantId = 'merchant-with-trouble';
    const paid = happening(merchantId, 'order.paid', {
      orderId: 'trouble-1',
      amountMinor: 100,
      channel: 'live',
    });
    const another = {
      ...paid,
      data: { ...paid.data, amountMinor: 900_000 },
    } as typeof paid;
    const unreadable = {
      topic: TOPICS.activity,
      key: merchantId,
      value: 'no JSON',
    };
    await system.services.publish([paid, paid]);
    await system.services.send([unreadable]);
    await system.services.publish([another]);
    await eventually(async () => {
      expect(await activityOf(merchantId)).toHaveLength(1);
      expect(
        await deadLettersOf(system.stack.kafkaBrokers, merchantId),
      ).toEqual([
        { reason: 'not_json', topic: TOPICS.activity, value: 'no JSON' },
        {
          reason: 'id_conflict',
          topic: TOPICS.activity,
          value: JSON.stringify(another),
        },
      ]);
    });
  });

  it('has granted under every program what a granter in memory does for the same events', async () => {
    const { recorded, decidedAgain } = await decideAgain(system.ledger);
    expect(recorded.length).toBeGreaterThan(1_000);
    expect(recorded).toEqual(decidedAgain);
  });

  function activityOf(merchantId: string) {
    return system.ledger.all<{ shard: number }>(
      'SELECT shard FROM activity WHERE merchant_id = $1',
      merchantId,
    );
  }
});

/** Of all programs together, by unit. */
function budgets(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { pools } of PROGRAMS)
    for (const [unit, amount] of Object.entries(pools))
      sums[unit] = (sums[unit] ?? 0) + Number(amount);
  return sums;
}

function inOrder(grants: readonly ExpectedGrant[]): string[] {
  return grants
    .map(
      ({ occurredAtMs, sellerId, week, tier, amount, unit }) =>
        `${new Date(occurredAtMs).toISOString()} ${sellerId} ${week} ${tier} ${amount} ${unit}`,
    )
    .sort();
}

async function deadLettersOf(brokers: string, merchantId: string) {
  const messages = await readTopic(brokers, TOPICS.deadLetters);
  return messages
    .filter(({ key }) => String(key) === merchantId)
    .map(({ headers, value }) => ({
      reason: String(headers?.['dlq-reason']),
      topic: String(headers?.['dlq-topic']),
      value: String(value),
    }));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { promotionOrderContract, readEvent, TOPICS } from '@app/contracts';
import {
  expectedGrants,
  readOrdersFile,
  totals,
  type OrderRow,
} from './oracle/order-ladder.js';
import { eventually } from './support/eventually.js';
import { happening } from './support/merchants.js';
import { readTopic } from './support/read-topic.js';
import { decideAgain } from './support/second-granter.js';
import { System } from './support/system.js';

const KILLS = 10;
const VICTIMS = ['granter', 'promoter'] as const;
const WEEK_MS = 7 * 86_400_000;
/** Five minutes pass in a second. */
const SPEED = 300;
const SECONDS_OF_REPLAY = 60;

describe('killing the writers at random moments', () => {
  let system: System;
  let rows: OrderRow[];
  let printed: string;

  beforeAll(async () => {
    system = await System.start();
    rows = readOrdersFile(system.orders.path);
    await system.startAdDelivery(SPEED);
  });

  afterAll(() => system.stop());

  it(`survives ${KILLS} kills while orders come in and traffic is spent`, async () => {
    const sellers = [...new Set(rows.map(({ sellerId }) => sellerId))];
    await system.services.publish(
      sellers.flatMap((merchantId, index) => [
        happening(merchantId, 'auto_promotion.enabled', { by: merchantId }),
        index % 2 === 0
          ? happening(merchantId, 'live.started', {
              sessionId: `session-of-${merchantId}`,
              followers: 0,
            })
          : happening(merchantId, 'video.published', {
              videoId: `video-of-${merchantId}`,
              shoppable: true,
            }),
      ]),
    );
    const replaying = system.replay(
      '--shift',
      `--rate=${Math.ceil(rows.length / SECONDS_OF_REPLAY)}`,
    );
    for (let kill = 0; kill < KILLS; kill += 1) await killOne();
    printed = await replaying;
    await eventually(async () => {
      expect(await system.ledger.promoterLag()).toBe(0);
    });
    expect(await system.ledger.countEntries('deliver')).toBeGreaterThan(0);
  });

  it('has granted to the unit what an independent calculation gives', async () => {
    const weeks = Number(/moved by (\d+) weeks/.exec(printed)![1]);
    const moved = rows.map((row) => ({
      ...row,
      timeMs: row.timeMs + weeks * WEEK_MS,
    }));
    expect(totals(await system.ledger.grants())).toEqual(
      totals(expectedGrants(moved)),
    );
  });

  it('has decided under every program what a granter that nobody kills does for the same events', async () => {
    const { recorded, decidedAgain } = await decideAgain(system.ledger);
    expect(recorded).toEqual(decidedAgain);
  });

  it('has spent nothing twice, and lost nothing', async () => {
    expect(await system.ledger.brokenWallets()).toEqual([]);
    expect(await system.ledger.spentWhileOff()).toEqual([]);
    expect(await system.ledger.reportsCountedTwice()).toEqual([]);
  });

  it('has published every promotion order of the ledger, and no other', async () => {
    // It goes on all the while: what is there before must be published, what is published must be there after.
    await eventually(async () => {
      const before = await reservedOrders();
      const published = await publishedOrders();
      const after = new Set(await reservedOrders());
      expect(before.filter((id) => !published.has(id))).toEqual([]);
      expect([...published].filter((id) => !after.has(id))).toEqual([]);
    });
  });

  async function reservedOrders(): Promise<string[]> {
    const rows = await system.ledger.all<{ id: string }>(
      `SELECT cause->>'promotionOrderId' AS id FROM entry WHERE kind = 'reserve'`,
    );
    return rows.map(({ id }) => id);
  }

  async function publishedOrders(): Promise<Set<string>> {
    const messages = await readTopic(system.stack.kafkaBrokers, TOPICS.orders);
    const ids = messages.flatMap((message) => {
      const read = readEvent(promotionOrderContract, message);
      if (!read.ok) throw new Error(read.detail);
      const { type, data } = read.event;
      return type === 'promotion.ordered' ? [data.promotionOrderId] : [];
    });
    return new Set(ids);
  }

  /** Kills one at a random moment and waits until it runs again: the next kill may come before it is ready. */
  async function killOne(): Promise<void> {
    await sleep(1_000 + Math.random() * 5_000);
    const running = system.stack.processes();
    const victims = VICTIMS.filter((name) => running.has(name));
    const victim = victims[Math.floor(Math.random() * victims.length)]!;
    system.stack.kill(victim);
    await eventually(() => {
      const pid = system.stack.processes().get(victim)?.pid;
      expect(pid).toBeDefined();
      expect(pid).not.toBe(running.get(victim)!.pid);
    });
  }
});

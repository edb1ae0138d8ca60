import { inject } from 'vitest';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { readMerchants, readSharedMemory } from '@app/promotion/postgres';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import { grant } from '../test/grant.js';
import { PromoterByHand } from '../test/promoter-by-hand.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('the promoter, as it spends', () => {
  let ledger: TestLedger;
  let promoters: Pool;
  /** Each test has one of its own. */
  let shard = 0;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    promoters = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 2,
      role: ROLES.promoter,
    });
  });
  beforeEach(() => {
    shard += 1;
  });
  afterAll(async () => {
    await promoters.end();
    await ledger.close();
  });

  it('keeps what orders have taught it, of the merchant and of the shard, and plans the next slot by time alone', async () => {
    const impressions = 1_000_000n;
    await grant(ledger.pool, {
      shard,
      merchantId: 'm1',
      sequence: 1n,
      impressions,
    });
    const promoter = new PromoterByHand(promoters, shard);
    await promoter.follow();
    await promoter.goLive('m1');
    const [first] = await ordersOf('m1');
    expect(first).toMatchObject({ slot: { capacity: 5_000 } });
    await promoter.deliver('m1', 5_000, { orders: 9, gmvMinor: 90_000 });
    await promoter.tick('m1', Date.now() + HOUR_MS);

    const [next] = await ordersOf('m1');
    expect(next).toMatchObject({ slot: { capacity: 7_500 } });
    expect((await spendingOf('m1'))?.memory).toMatchObject({ orders: 9 });
    const { effects } = await readSharedMemory(promoters, shard);
    expect(effects['live/session']!.mean).toBeGreaterThan(Math.log(3_000));
  });

  it('frees what it had reserved where ad delivery is away for an hour, and spends on when it is back', async () => {
    await grant(ledger.pool, {
      shard,
      merchantId: 'm2',
      sequence: 1n,
      impressions: 1_000n,
    });
    const promoter = new PromoterByHand(promoters, shard);
    await promoter.follow();
    const startedAtMs = Date.now();
    await promoter.goLive('m2');
    const [unanswered] = await ordersOf('m2');
    // Its deadline, an hour on, and the ten minutes that reports may take.
    await promoter.tick('m2', startedAtMs + 71 * MINUTE_MS);
    expect(await entriesOf('m2')).toEqual([
      { kind: 'switch_on', reason: null },
      { kind: 'reserve', reason: null },
      { kind: 'release', reason: 'deadline_passed' },
    ]);
    expect(await balancesOf('m2')).toEqual({ available: 1_000n, reserved: 0n });

    await promoter.tick('m2', startedAtMs + 73 * MINUTE_MS);
    const [next] = await ordersOf('m2');
    expect(next!.promotionOrderId).not.toBe(unanswered!.promotionOrderId);
    await promoter.deliver('m2', 100, {
      atMs: startedAtMs + 74 * MINUTE_MS,
    });
    expect(await balancesOf('m2')).toEqual({
      available: 800n,
      reserved: 100n,
      'spent:live': 100n,
    });
  });

  async function entriesOf(merchantId: string) {
    const { rows } = await ledger.pool.query<{
      kind: string;
      reason: string | null;
    }>(
      `SELECT kind, cause ->> 'reason' AS reason FROM entry
       WHERE shard = $1 AND journal = 'promotions' AND merchant_id = $2 ORDER BY sequence`,
      [shard, merchantId],
    );
    return rows;
  }

  async function balancesOf(
    merchantId: string,
  ): Promise<Record<string, bigint>> {
    const { rows } = await ledger.pool.query<{
      account: string;
      amount: bigint;
    }>(
      `SELECT account, sum(amount)::bigint AS amount FROM merchant_balance
       WHERE shard = $1 AND merchant_id = $2 GROUP BY account`,
      [shard, merchantId],
    );
    return Object.fromEntries(
      rows.map(({ account, amount }) => [account, amount]),
    );
  }

  async function merchantOf(merchantId: string) {
    const merchants = await readMerchants(promoters, shard, [merchantId]);
    return merchants.get(merchantId)!;
  }

  async function ordersOf(merchantId: string) {
    return (await merchantOf(merchantId)).orders;
  }

  async function spendingOf(merchantId: string) {
    return (await merchantOf(merchantId)).spending;
  }
});

import { inject } from 'vitest';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { readMerchants, readSharedMemory } from '@app/promotion/postgres';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import { grant } from '../test/grant.js';
import { PromoterByHand } from '../test/promoter-by-hand.js';

const SHARD = 7;
const HOUR_MS = 3_600_000;

describe('the promoter, as it spends', () => {
  let ledger: TestLedger;
  let promoters: Pool;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    promoters = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 2,
      role: ROLES.promoter,
    });
  });
  afterAll(async () => {
    await promoters.end();
    await ledger.close();
  });

  it('keeps what orders have taught it, of the merchant and of the shard, and plans the next slot by time alone', async () => {
    const impressions = 1_000_000n;
    await grant(ledger.pool, {
      shard: SHARD,
      merchantId: 'm1',
      sequence: 1n,
      impressions,
    });
    const promoter = new PromoterByHand(promoters, SHARD);
    await promoter.follow();
    await promoter.goLive('m1');
    const [first] = await ordersOf('m1');
    expect(first).toMatchObject({ slot: { capacity: 5_000 } });
    await promoter.deliver('m1', 5_000, { orders: 9, gmvMinor: 90_000 });
    await promoter.tick('m1', Date.now() + HOUR_MS);

    const [next] = await ordersOf('m1');
    expect(next).toMatchObject({ slot: { capacity: 7_500 } });
    expect((await spendingOf('m1'))?.memory).toMatchObject({ orders: 9 });
    const { effects } = await readSharedMemory(promoters, SHARD);
    expect(effects['live/session']!.mean).toBeGreaterThan(Math.log(3_000));
  });

  async function merchantOf(merchantId: string) {
    const merchants = await readMerchants(promoters, SHARD, [merchantId]);
    return merchants.get(merchantId)!;
  }

  async function ordersOf(merchantId: string) {
    return (await merchantOf(merchantId)).orders;
  }

  async function spendingOf(merchantId: string) {
    return (await merchantOf(merchantId)).spending;
  }
});

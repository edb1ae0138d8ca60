import { inject } from 'vitest';
import {
  createPool,
  cutAt,
  rebuildDerivedTables,
  reconcileActivity,
  reconcileDeliveries,
  ROLES,
  type Pool,
} from '@app/ledger/postgres';
import { localDay } from '@app/promotion';
import { readResults } from '@app/promotion/postgres';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import { oneOrderAPlacement } from '../../../libs/promotion/test/one-order-a-placement.js';
import { grant } from '../test/grant.js';
import { PromoterByHand } from '../test/promoter-by-hand.js';

const SHARD = 7;
const GRANTED = 1_000n;
const DAY_MS = 86_400_000;

describe('the results that the promoter keeps', () => {
  let ledger: TestLedger;
  let promoters: Pool;
  let readers: Pool;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    const poolOf = (role: 'promoter' | 'api') =>
      createPool(ledger.url, {
        applicationName: 'test',
        maxConnections: 2,
        role: ROLES[role],
      });
    promoters = poolOf('promoter');
    readers = poolOf('api');
    for (const [index, merchantId] of ['m1', 'm2'].entries())
      await grant(ledger.pool, {
        shard: SHARD,
        merchantId,
        sequence: BigInt(index + 1),
        impressions: GRANTED,
      });
  });
  afterAll(async () => {
    await Promise.all([promoters.end(), readers.end()]);
    await ledger.close();
  });

  it('add up what is reported, by merchant, day and session, as the journals have it', async () => {
    const promoter = new PromoterByHand(promoters, SHARD, oneOrderAPlacement);
    await promoter.follow();
    await promoter.goLive('m1');
    await promoter.goLive('m2');
    const brought = { clicks: 5, orders: 1, gmvMinor: 9_900 };
    await promoter.deliver('m1', 300, brought);
    await promoter.deliver('m1', 200, brought);
    await promoter.deliver('m2', 10, { gmvMinor: Number.MAX_SAFE_INTEGER });
    await promoter.deliver('m2', 10, { gmvMinor: Number.MAX_SAFE_INTEGER });
    // Of the next day, and more than is left.
    await promoter.deliver('m1', 900, { atMs: Date.now() + DAY_MS });
    expect(await resultsOf('m1')).toMatchObject([
      {
        placement: 'live',
        impressions: 500n,
        clicks: 10n,
        orders: 2n,
        gmvMinor: 19_800n,
      },
      { placement: 'live', impressions: 500n, clicks: 0n },
    ]);
    const [one, next] = await resultsOf('m1');
    expect(next!.targetId).toBe(one!.targetId);
    expect(Date.parse(next!.day) - Date.parse(one!.day)).toBe(DAY_MS);
    expect(await resultsOf('m2')).toMatchObject([
      { impressions: 20n, gmvMinor: 2n * BigInt(Number.MAX_SAFE_INTEGER) },
    ]);
    const rebuilt = await rebuildDerivedTables(ledger.pool, { write: false });
    expect(
      rebuilt.find(({ name }) => name === 'promotion_result'),
    ).toMatchObject({ rows: 3n, unfounded: 0n, missing: 0n });
  });

  it('is what reports, orders and postings say, one report beyond its order', async () => {
    const { sums, differences } = await reconcileDeliveries(readers, {
      from: null,
      to: await cutAt(readers, 'now', [SHARD]),
      differencesMax: 10,
      entriesMax: 1_000,
    });
    expect(sums).toMatchObject([
      {
        placement: 'live',
        promotionOrders: 2n,
        reports: 5n,
        reported: 1_420n,
        spent: 1_020n,
        beyondOrders: 400n,
        openReserve: GRANTED - 20n,
        gmvMinor: 19_800n + 2n * BigInt(Number.MAX_SAFE_INTEGER),
      },
    ]);
    expect(differences).toMatchObject([
      { difference: 'reported_beyond_order', order: { merchantId: 'm1' } },
    ]);
  });

  it('names no event that the promoter has not taken', async () => {
    const { differences } = await reconcileActivity(readers, {
      shards: [SHARD],
      differencesMax: 10,
      eventsMax: 1_000,
    });
    // There is no granter here: grants of the test all name the same event.
    expect(
      differences.filter(({ entryId }) => entryId?.startsWith('promotions-')),
    ).toEqual([]);
  });

  function resultsOf(merchantId: string) {
    const nowMs = Date.now();
    const place = { shard: SHARD, merchantId };
    return readResults(readers, place, {
      from: localDay(nowMs - DAY_MS),
      to: localDay(nowMs + DAY_MS),
    });
  }
});

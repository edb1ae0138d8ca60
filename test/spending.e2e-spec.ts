import { eventually } from './support/eventually.js';
import { eachOf, identityOf, MerchantCalls } from './support/merchant-calls.js';
import { happening } from './support/merchants.js';
import { System } from './support/system.js';

const MERCHANTS = 100;
/** Of each half: ad delivery rejects one order in a hundred. */
const MOST_REJECTED = 5;
/** Five minutes pass in a second: what is on its way for a second is not late for a slot of half an hour. */
const SPEED = 300;

describe('grants become spent traffic', () => {
  let system: System;
  let merchants: MerchantCalls;
  let streaming: string[];
  let filming: string[];

  beforeAll(async () => {
    system = await System.start();
    merchants = new MerchantCalls(system.stack);
    await system.replay('--shift');
    await eventually(async () => {
      expect(await system.ledger.promoterLag()).toBe(0);
    });
    const rewarded = await merchantsWithTraffic();
    expect(rewarded).toHaveLength(MERCHANTS);
    streaming = rewarded.slice(0, MERCHANTS / 2);
    filming = rewarded.slice(MERCHANTS / 2);
  });

  afterAll(() => system.stop());

  it('orders nothing while the switch is off', async () => {
    await system.services.publish([
      ...streaming.map((merchantId) =>
        happening(merchantId, 'live.started', {
          sessionId: `session-of-${merchantId}`,
          followers: 0,
        }),
      ),
      ...filming.map((merchantId) =>
        happening(merchantId, 'video.published', {
          videoId: `video-of-${merchantId}`,
          shoppable: true,
        }),
      ),
    ]);
    await eventually(async () => {
      expect(await countPlaces()).toBe(MERCHANTS);
    });
    expect(await system.ledger.countEntries('reserve')).toBe(0);
  });

  it('reserves for every merchant who turns it on', async () => {
    await eachOf([...streaming, ...filming], async (merchantId) => {
      expect(await merchants.turnSwitch(merchantId, true)).toMatchObject({
        merchantId,
        enabled: true,
      });
    });
    await eventually(async () => {
      expect(await withoutOrders()).toEqual([]);
    });
  });

  it('releases at once what is reserved where it is turned off', async () => {
    const wavering = [...streaming.slice(0, 5), ...filming.slice(0, 5)];
    await eachOf(wavering, (merchantId) =>
      merchants.turnSwitch(merchantId, false),
    );
    await eachOf(wavering, async (merchantId) => {
      const { balances } = await merchants.wallet(merchantId);
      expect(balances.map(({ reserved }) => reserved)).toEqual([0, 0, 0, 0]);
    });
    expect(await system.ledger.countEntries('release')).toBe(wavering.length);
    await eachOf(wavering, (merchantId) =>
      merchants.turnSwitch(merchantId, true),
    );
  });

  it('spends traffic of nearly all of them on both placements as the reports come in', async () => {
    await system.startAdDelivery(SPEED);
    const startedAtMs = Date.now();
    await eventually(async () => {
      // Merchants whose order was rejected wait a while, on the same fast clock.
      const passedMs = (Date.now() - startedAtMs) * SPEED;
      await system.services.publish(
        [...streaming, ...filming].map((merchantId) =>
          happening(
            merchantId,
            'product.listed',
            { productId: 'any' },
            startedAtMs + passedMs,
          ),
        ),
      );
      // Whose order was rejected, is planned for anew some slots later.
      expect(
        (await withoutSpending(streaming, 'spent:live')).length,
      ).toBeLessThanOrEqual(MOST_REJECTED);
      expect(
        (await withoutSpending(filming, 'spent:short_video')).length,
      ).toBeLessThanOrEqual(MOST_REJECTED);
    }, 120_000);
    const spent = await system.ledger.all<{ account: string }>(
      `SELECT account FROM shard_balance WHERE account LIKE 'spent:%' AND amount > 0 GROUP BY account ORDER BY account`,
    );
    expect(spent.map(({ account }) => account)).toEqual([
      'spent:live',
      'spent:short_video',
    ]);
  });

  it('accounts for every unit of every wallet', async () => {
    await eachOf([...streaming, ...filming], async (merchantId) => {
      const { granted, used } = identityOf(await merchants.wallet(merchantId));
      expect(used).toEqual(granted);
    });
    expect(await system.ledger.brokenWallets()).toEqual([]);
    expect(await system.ledger.spentWhileOff()).toEqual([]);
    expect(await system.ledger.reportsCountedTwice()).toEqual([]);
  });

  async function merchantsWithTraffic(): Promise<string[]> {
    const rows = await system.ledger.all<{ merchant_id: string }>(
      `SELECT merchant_id FROM merchant_balance WHERE account = 'available' AND unit = 'ANY_IMP'
       GROUP BY merchant_id HAVING sum(amount) > 0 ORDER BY merchant_id LIMIT $1`,
      MERCHANTS,
    );
    return rows.map(({ merchant_id }) => merchant_id);
  }

  async function countPlaces(): Promise<number> {
    const { count } = await system.ledger.one<{ count: string }>(
      `SELECT count(*) FROM promotion_state
       WHERE json_array_length(state->'sessions') + json_array_length(state->'videos') > 0`,
    );
    return Number(count);
  }

  /** The merchants for whom nothing was ordered, and what the promoter knows of them. */
  function withoutOrders(): Promise<object[]> {
    return system.ledger.all(
      `SELECT merchant_id, state FROM promotion_state
       WHERE merchant_id = ANY ($1) AND merchant_id NOT IN (SELECT merchant_id FROM entry WHERE kind = 'reserve')`,
      [...streaming, ...filming],
    );
  }

  /** The merchants of whose traffic nothing was spent on a placement. */
  async function withoutSpending(
    merchantIds: string[],
    account: string,
  ): Promise<string[]> {
    const rows = await system.ledger.all<{ merchant_id: string }>(
      `SELECT DISTINCT merchant_id FROM entry JOIN posting USING (shard, journal, sequence)
       WHERE merchant_id = ANY ($1) AND account = $2`,
      merchantIds,
      account,
    );
    const spending = new Set(rows.map(({ merchant_id }) => merchant_id));
    return merchantIds.filter((merchantId) => !spending.has(merchantId));
  }
});

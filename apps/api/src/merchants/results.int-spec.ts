import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { rewardMerchants } from '../../../../libs/ledger/test/rewarded-merchants.js';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';
import { grant } from '../../test/write-ledger.js';

const PERIOD = { from: '2024-11-11', to: '2024-11-12' };

describe('what a merchant earned and what it brought', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    const shard = shardOf('m1', SHARD_COUNT);
    // 400 impressions in session-1, which brought an order of 99.00 yuan.
    await rewardMerchants(api.pool, shard, 1);
    await grant(
      api.pool,
      'm1',
      [{ unit: 'CNY', amount: 5n, expiresAt: '2024-12-01T00:00:00Z' }],
      Date.now(),
    );
    await api.pool.query(
      `SELECT ensure_quarter('activity', '2024-11-11T00:00:00Z')`,
    );
  });
  afterAll(() => api.close());

  async function ask(path: string, query: Record<string, string> = {}) {
    const url = `/v1/merchants/m1/${path}`;
    return (await api.as.merchant.get(url).query(query).expect(200)).body;
  }

  const BROUGHT = {
    impressions: 400,
    clicks: 12,
    orders: 1,
    gmvMinor: 9_900,
    gmvMinorPerThousand: 24_750,
  };

  it.each([
    ['placement', { placement: 'live' }],
    ['session', { placement: 'live', sessionId: 'session-1' }],
  ])('is told by %s', async (by, name) => {
    const body = await ask('results', { ...PERIOD, by });
    expect(body).toMatchObject({ merchantId: 'm1', ...PERIOD, by });
    expect(body.results).toEqual([{ ...name, ...BROUGHT }]);
    expect(body.total).toEqual(BROUGHT);
    expect(body.comparisons).toMatchObject([
      { placement: 'live', unit: 'hour' },
      { placement: 'short_video', unit: 'day' },
    ]);
  });

  it('has nothing of videos where streams alone were promoted', async () => {
    const { results, total } = await ask('results', { ...PERIOD, by: 'video' });
    expect(results).toEqual([]);
    expect(total).toMatchObject({ impressions: 0, gmvMinorPerThousand: null });
  });

  it.each([
    [{ from: '2024-02-30' }, 'from'],
    [{ to: '2024-11-11T00:00:00Z' }, 'to'],
    [{ from: '2024-11-12', to: '2024-11-11' }, 'to'],
    [{ by: 'target' }, 'by'],
  ])('refuses %j by the field that is wrong', async (query, field) => {
    const { body } = await api.as.merchant
      .get('/v1/merchants/m1/results')
      .query(query)
      .expect(400);
    expect(body.errors).toEqual([
      { field, message: expect.any(String) as string },
    ]);
  });

  it('says of each grant why, and what has become of it, page by page', async () => {
    const all = await ask('grants');
    expect(all).toMatchObject({
      grants: [
        {
          kind: 'grant',
          cause: { type: 'goal_reached' },
          amounts: { CNY: 5 },
          explanation: { zh: expect.stringContaining('发放') as string },
          lot: {
            granted: 5,
            available: 5,
            expiresAt: expect.any(String) as string,
          },
        },
        {
          kind: 'grant',
          lot: { granted: 1_000, available: 600, reserved: 0, spent: 400 },
        },
      ],
      next: null,
    });
    const paged: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: { grants: unknown[]; next: string | null } = await ask(
        'grants',
        { limit: '1', ...(cursor === null ? {} : { cursor }) },
      );
      paged.push(...page.grants);
      cursor = page.next;
    } while (cursor !== null);
    expect(paged).toEqual(all.grants);
  });
});

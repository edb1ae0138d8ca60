import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';
import { grant, useLot } from '../../test/write-ledger.js';
import type { EntryPage } from './entries.service.js';

const NOW_MS = Date.parse('2024-11-11T00:00:00.123Z');
const EXPIRES_AT = '2024-12-01T00:00:00Z';

describe('GET /v1/merchants/:id/entries', () => {
  let api: ApiUnderTest;
  const shard = shardOf('m1', SHARD_COUNT);

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    const anyImp = {
      unit: 'ANY_IMP',
      amount: 10n,
      expiresAt: EXPIRES_AT,
    } as const;
    const [lotId] = await grant(
      api.pool,
      'm1',
      [anyImp, anyImp, anyImp],
      NOW_MS,
    );
    // At the same instant as the grants: the journal breaks the tie.
    const use = {
      lotId: lotId!,
      unit: 'ANY_IMP',
      granted: 10n,
      spent: 4n,
    } as const;
    await useLot(api.pool, 'm1', use, NOW_MS);
    await grant(api.pool, 'm1', [anyImp], NOW_MS + 1);
    await grant(api.pool, 'someone else', [anyImp], NOW_MS);
  });
  afterAll(() => api.close());

  async function list(query: string): Promise<EntryPage> {
    const path = `/v1/merchants/m1/entries${query}`;
    return (await api.as.auditor.get(path).expect(200)).body;
  }

  const ALL = [
    `grants-${shard}-4`,
    `promotions-${shard}-1`,
    `grants-${shard}-3`,
    `grants-${shard}-2`,
    `grants-${shard}-1`,
  ];

  it('lists both journals, last recorded first', async () => {
    const { entries, next } = await list('');
    expect(entries.map(({ id }) => id)).toEqual(ALL);
    expect(next).toBeNull();
  });

  it('gives an entry whole', async () => {
    const { entries } = await list('');
    expect(entries[1]).toMatchObject({
      journal: 'promotions',
      shard,
      sequence: 1,
      kind: 'deliver',
      merchantId: 'm1',
      occurredAt: '2024-11-11T00:00:00.123Z',
      recordedAt: '2024-11-11T00:00:00.123Z',
      cause: { type: 'lot_expired' },
      explanation: {
        zh: expect.stringContaining('过期') as string,
        en: expect.stringContaining('expired') as string,
      },
    });
    const lotId = `grants-${shard}-1`;
    expect(entries[1]!.postings).toEqual([
      { account: 'merchant:m1:available', unit: 'ANY_IMP', amount: -4, lotId },
      { account: 'merchant:m1:reserved', unit: 'ANY_IMP', amount: 4, lotId },
      { account: 'merchant:m1:reserved', unit: 'ANY_IMP', amount: -4, lotId },
      { account: 'spent:live', unit: 'ANY_IMP', amount: 4, lotId },
    ]);
  });

  it.each([1, 2, 3, 4, 5])('comes in pages of %i', async (limit) => {
    const ids: string[] = [];
    let query = `?limit=${limit}`;
    for (;;) {
      const { entries, next } = await list(query);
      ids.push(...entries.map(({ id }) => id));
      expect(entries.length).toBeLessThanOrEqual(limit);
      if (next === null) break;
      query = `?limit=${limit}&cursor=${next}`;
    }
    expect(ids).toEqual(ALL);
  });

  it('goes on where it was, whatever has come since', async () => {
    const { next } = await list('?limit=2');
    await grant(
      api.pool,
      'm1',
      [{ unit: 'CNY', amount: 1n, expiresAt: EXPIRES_AT }],
      NOW_MS + 2,
    );
    const { entries } = await list(`?cursor=${next}`);
    expect(entries.map(({ id }) => id)).toEqual(ALL.slice(2));
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['kind=grant', 'kind'],
  ])('refuses ?%s by its name', async (query, field) => {
    const { body } = await api.as.auditor
      .get(`/v1/merchants/m1/entries?${query}`)
      .expect(400)
      .expect('content-type', /^application\/problem\+json/);
    expect(body.type).toBe('urn:traffic-reward-ledger:problem:invalid-request');
    expect(body.errors).toEqual([{ field, message: expect.any(String) }]);
  });
});

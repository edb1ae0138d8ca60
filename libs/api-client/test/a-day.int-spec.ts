import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { createApiClient } from '@app/api-client';
import {
  startApi,
  type ApiUnderTest,
} from '../../../apps/api/test/api-under-test.js';
import { goodCalls } from '../../../apps/api/test/good-calls.js';
import { SHARD_COUNT } from '../../../apps/api/test/api-under-test.js';
import { recreateTopics } from '../../../test/support/topics.js';

describe('the generated client', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    await recreateTopics(inject('kafkaBrokers'), SHARD_COUNT);
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    await goodCalls(api);
  });
  afterAll(() => api.close());

  function clientOf(role: 'merchant' | 'auditor') {
    const token = async () =>
      (await api.authorize(role, role === 'merchant' ? 'm1' : undefined)).slice(
        'Bearer '.length,
      );
    return createApiClient({ url: api.url, token });
  }

  it('runs a merchant’s day', async () => {
    const client = clientOf('merchant');
    const params = { path: { id: 'm1' } };
    const wallet = await client.GET('/v1/merchants/{id}/wallet', { params });
    const anyImp = wallet.data!.balances.find(
      ({ unit }) => unit === 'ANY_IMP',
    )!;
    expect(anyImp.available + anyImp.spent).toBe(20);

    const grants = await client.GET('/v1/merchants/{id}/grants', { params });
    expect(grants.data!.grants.map(({ lot }) => lot!.granted)).toEqual([
      10, 10,
    ]);
    expect(grants.data!.grants[0]!.explanation.zh).toContain('发放');

    const expiring = await client.GET('/v1/merchants/{id}/lots/expiring', {
      params: { ...params, query: { withinDays: 2 } },
    });
    expect(expiring.data!.lots).toHaveLength(2);

    const results = await client.GET('/v1/merchants/{id}/results', {
      params: { ...params, query: { by: 'session' } },
    });
    expect(results.data!.results).toEqual([]);

    const turned = await client.PUT('/v1/merchants/{id}/auto-promotion', {
      params: { ...params, header: { 'Idempotency-Key': randomUUID() } },
      body: { enabled: false },
    });
    expect(turned.data).toMatchObject({ enabled: false, limits: {} });

    const other = await client.GET('/v1/merchants/{id}/wallet', {
      params: { path: { id: 'm2' } },
    });
    expect(other.error).toMatchObject({
      type: 'urn:traffic-reward-ledger:problem:forbidden',
    });
  });

  it('runs an auditor’s day', async () => {
    const client = clientOf('auditor');
    const { data: trial } = await client.GET('/v1/ledger/trial-balance');
    expect(trial!.accounts.reduce((sum, { balance }) => sum + balance, 0)).toBe(
      0,
    );

    const { data: page } = await client.GET('/v1/entries', {
      params: { query: { merchant: 'm1', kind: 'grant' } },
    });
    const { entryId } = page!.entries[0]!;
    const { data: entry } = await client.GET('/v1/entries/{entryId}', {
      params: { path: { entryId } },
    });
    expect(entry).toEqual(page!.entries[0]);
    const { data: life } = await client.GET('/v1/lots/{lotId}', {
      params: { path: { lotId: entryId } },
    });
    expect(life).toBeDefined();

    const { data: statement } = await client.GET(
      '/v1/merchants/{id}/statement',
      { params: { path: { id: 'm1' } } },
    );
    expect(statement!.lines.length).toBeGreaterThan(0);

    const { data: reported } = await client.GET(
      '/v1/reconciliation/deliveries',
      { params: { query: { difference: 'reported_beyond_order' } } },
    );
    expect(reported!.sums[0]!.beyondOrders).toBe(1);
    expect(reported!.differences[0]!.order!.merchantId).toBe('m1');

    const { data: totals } = await client.GET('/v1/ledger/totals', {
      params: { query: { by: 'program' } },
    });
    const { program, granted, spent } = totals!.totals[0]!;
    const { data: funds } = await client.GET('/v1/programs/{program}/funds', {
      params: { path: { program: program! } },
    });
    expect(funds!.funds[0]).toMatchObject({ granted, spent });

    const { data: proof } = await client.GET('/v1/log/inclusion', {
      params: { query: { entry: entryId } },
    });
    expect(proof).toBeDefined();

    const { data: changes } = await client.GET('/v1/changes');
    expect(changes!.changes[0]).toMatchObject({
      operation: 'turnAutoPromotion',
      merchantId: 'm1',
    });
  });
});

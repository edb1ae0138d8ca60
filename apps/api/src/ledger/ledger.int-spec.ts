import { inject } from 'vitest';
import { startApi, type ApiUnderTest } from '../../test/api-under-test.js';
import { append, grant, PROGRAM, useLot } from '../../test/write-ledger.js';
import { move, type EntryDraft } from '@app/ledger';

const NOW_MS = 1_000;
const EXPIRES_AT = '2024-12-01T00:00:00Z';

describe('the ledger as a whole', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    const budget: EntryDraft = {
      kind: 'budget',
      merchantId: null,
      occurredAtMs: NOW_MS,
      postings: move('ANY_IMP', 10n ** 18n, 'issuance', `pool:${PROGRAM}`),
      cause: {
        type: 'program_published',
        program: PROGRAM,
        version: 1,
        programHash: '',
      },
    };
    // Different shards.
    for (const merchantId of ['m1', 'm2']) {
      await append(api.pool, 'grants', merchantId, [budget], NOW_MS);
      const granted = {
        unit: 'ANY_IMP',
        amount: 100n,
        expiresAt: EXPIRES_AT,
      } as const;
      const [lotId] = await grant(api.pool, merchantId, [granted], NOW_MS);
      const use = {
        lotId: lotId!,
        unit: 'ANY_IMP',
        granted: 100n,
        reserved: 10n,
        spent: 20n,
      } as const;
      await useLot(api.pool, merchantId, use, NOW_MS);
    }
  });
  afterAll(() => api.close());

  it('balances: every unit sums to zero over all shards', async () => {
    const { body, text } = await api.as.auditor
      .get('/v1/ledger/trial-balance')
      .expect(200);
    expect(Date.parse(body.asOf)).toBeLessThanOrEqual(Date.now());
    expect(
      body.accounts.map(({ account, unit }: Record<string, string>) => [
        account,
        unit,
      ]),
    ).toEqual([
      ['available', 'ANY_IMP'],
      ['issuance', 'ANY_IMP'],
      ['pool:order-ladder', 'ANY_IMP'],
      ['reserved', 'ANY_IMP'],
      ['spent:live', 'ANY_IMP'],
    ]);
    const balances = [...text.matchAll(/"balance":(-?\d+)/g)].map(
      ([, digits]) => BigInt(digits!),
    );
    expect(balances).toEqual([
      140n,
      -2n * 10n ** 18n,
      2n * 10n ** 18n - 200n,
      20n,
      40n,
    ]);
    expect(balances.reduce((sum, balance) => sum + balance)).toBe(0n);
  });

  it('tells operators what went in and what came of it', async () => {
    const { text } = await api.http.get('/metrics').expect(200);
    expect(text).toContain(
      'ledger_consumed_total{journal="grants",source="merchant.activity.v1"} 2000',
    );
    expect(text).toContain('ledger_granted_total{unit="ANY_IMP"} 200');
    expect(text).toContain(
      'ledger_spent_total{placement="live",unit="ANY_IMP"} 40',
    );
    expect(text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/v1/ledger/trial-balance",status="200"} 1',
    );
  });
});

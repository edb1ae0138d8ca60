import { inject } from 'vitest';
import { move } from '@app/ledger';
import { startApi, type ApiUnderTest } from '../../test/api-under-test.js';
import { grant, PROGRAM, takeBack, useLot } from '../../test/write-ledger.js';
import type { WalletBalance } from './wallet.js';

const NOW_MS = Date.parse('2024-11-11T00:00:00Z');
const CLAWED_BACK = `clawed_back:${PROGRAM}` as const;

describe('GET /v1/merchants/:id/wallet', () => {
  let api: ApiUnderTest;
  let lotIds: string[];

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    const { pool } = api;
    lotIds = await grant(
      pool,
      'm1',
      [
        { unit: 'ANY_IMP', amount: 1000n, expiresAt: '2024-12-03T00:00:00Z' },
        { unit: 'ANY_IMP', amount: 6000n, expiresAt: '2024-12-01T00:00:00Z' },
        { unit: 'LIVE_IMP', amount: 2000n, expiresAt: '2024-11-05T00:00:00Z' },
        { unit: 'LIVE_IMP', amount: 500n, expiresAt: '2024-11-06T00:00:00Z' },
      ],
      NOW_MS,
    );
    await grant(
      pool,
      'someone else',
      [{ unit: 'CNY', amount: 7n, expiresAt: '2024-12-01T00:00:00Z' }],
      NOW_MS,
    );
    const uses = [
      {
        lotId: lotIds[0]!,
        unit: 'ANY_IMP',
        granted: 1000n,
        reserved: 300n,
        spent: 200n,
      },
      {
        lotId: lotIds[2]!,
        unit: 'LIVE_IMP',
        granted: 2000n,
        spent: 500n,
        expired: 1500n,
      },
      { lotId: lotIds[3]!, unit: 'LIVE_IMP', granted: 500n, expired: 500n },
    ] as const;
    for (const use of uses) await useLot(pool, 'm1', use, NOW_MS);
  });
  afterAll(() => api.close());

  it('is not told again to whoever has it, until something moves', async () => {
    const path = '/v1/merchants/awaited/wallet';
    const tag = (await api.as.auditor.get(path).expect(200)).headers['etag']!;
    await api.as.auditor.get(path).set('if-none-match', tag).expect(304);
    await grant(
      api.pool,
      'awaited',
      [{ unit: 'CNY', amount: 1n, expiresAt: '2024-12-01T00:00:00Z' }],
      NOW_MS,
    );
    await api.as.auditor.get(path).set('if-none-match', tag).expect(200);
  });

  it('sums both journals by unit, and all that was granted is somewhere', async () => {
    const { body } = await api.as.auditor
      .get('/v1/merchants/m1/wallet')
      .expect(200);
    expect(body.merchantId).toBe('m1');
    expect(Date.parse(body.asOf)).toBeLessThanOrEqual(Date.now());
    const nothing = {
      available: 0,
      reserved: 0,
      spent: 0,
      expired: 0,
      clawedBack: 0,
      owed: 0,
      payable: 0,
      paidOut: 0,
    };
    expect(body.balances).toEqual([
      { ...nothing, unit: 'LIVE_IMP', spent: 500, expired: 2000 },
      { ...nothing, unit: 'VIDEO_IMP' },
      {
        ...nothing,
        unit: 'ANY_IMP',
        available: 6500,
        reserved: 300,
        spent: 200,
      },
      { ...nothing, unit: 'CNY' },
    ]);
    const [live, , any] = (
      body.balances as Record<keyof WalletBalance, number>[]
    ).map(
      (sums) =>
        sums.available +
        sums.reserved +
        sums.spent +
        sums.expired +
        sums.clawedBack,
    );
    expect([live, any]).toEqual([2500, 7000]);
  });

  it('lists open lots by expiry, then those with nothing left, newest first', async () => {
    const { body } = await api.as.auditor
      .get('/v1/merchants/m1/wallet')
      .expect(200);
    expect(
      body.lots.map(
        ({ lotId, remaining }: { lotId: string; remaining: number }) => [
          lotId,
          remaining,
        ],
      ),
    ).toEqual([
      [lotIds[1], 6000],
      [lotIds[0], 800],
      [lotIds[3], 0],
      [lotIds[2], 0],
    ]);
    expect(body.lots[1]).toEqual({
      lotId: lotIds[0],
      unit: 'ANY_IMP',
      granted: 1000,
      remaining: 800,
      expiresAt: '2024-12-03T00:00:00.000Z',
      program: 'order-ladder',
      entryId: lotIds[0],
    });
  });

  it('has what was taken back and what is owed for it, traffic and cash', async () => {
    const merchantId = 'taken back';
    const [lotId] = await grant(
      api.pool,
      merchantId,
      [{ unit: 'ANY_IMP', amount: 1000n, expiresAt: '2024-12-03T00:00:00Z' }],
      NOW_MS,
    );
    const use = { lotId: lotId!, unit: 'ANY_IMP', granted: 1000n } as const;
    await useLot(api.pool, merchantId, { ...use, spent: 700n }, NOW_MS);
    await takeBack(
      api.pool,
      merchantId,
      {
        lotId: lotId!,
        postings: [
          ...move('ANY_IMP', 300n, 'available', CLAWED_BACK, lotId),
          ...move('ANY_IMP', 600n, 'owed', CLAWED_BACK),
        ],
        cash: [
          ...move('CNY', 50n, 'issuance', 'payable'),
          ...move('CNY', 30n, 'payable', 'paid_out'),
          ...move('CNY', 20n, 'payable', CLAWED_BACK),
          ...move('CNY', 30n, 'owed', CLAWED_BACK),
        ],
      },
      NOW_MS,
    );
    const { body } = await api.as.auditor
      .get(`/v1/merchants/${encodeURIComponent(merchantId)}/wallet`)
      .expect(200);
    expect(body.balances.slice(2)).toMatchObject([
      { available: 0, spent: 700, clawedBack: 900, owed: 600 },
      { payable: 0, paidOut: 30, clawedBack: 50, owed: 30 },
    ]);
    expect(body.lots).toMatchObject([{ lotId, granted: 1000, remaining: 0 }]);
  });

  it('finds an open lot behind more used ones than a wallet lists', async () => {
    const used = 1_001;
    const ids = await grant(
      api.pool,
      'old',
      Array.from({ length: used + 2 }, (_, i) => ({
        unit: 'ANY_IMP' as const,
        amount: 10n,
        // By pairs at the same instant; the open ones expire first, and last.
        expiresAt: new Date(NOW_MS + Math.ceil(i / 2) * 60_000).toISOString(),
      })),
      NOW_MS,
    );
    for (const lotId of ids.slice(1, -1))
      await useLot(
        api.pool,
        'old',
        { lotId, unit: 'ANY_IMP', granted: 10n, expired: 10n },
        NOW_MS,
      );
    const { body } = await api.as.auditor
      .get('/v1/merchants/old/wallet')
      .expect(200);
    const listed = (body.lots as { lotId: string }[]).map(({ lotId }) => lotId);
    expect(listed).toHaveLength(1_000);
    expect(new Set(listed).size).toBe(1_000);
    expect(listed.slice(0, 2)).toEqual([ids[0], ids.at(-1)]);
    expect(listed[2]).toBe(ids.at(-2));
    expect(listed.slice(3, 5)).toEqual(ids.slice(-4, -2).sort());
    expect(listed).not.toContain(ids[1]);
  });

  it('keeps every digit', async () => {
    const amount = 2n ** 63n - 1n;
    await grant(
      api.pool,
      'rich',
      [{ unit: 'CNY', amount, expiresAt: '2024-12-01T00:00:00Z' }],
      NOW_MS,
    );
    const { text } = await api.as.auditor
      .get('/v1/merchants/rich/wallet')
      .expect(200);
    expect(text).toContain('"available":9223372036854775807,');
    expect(text).toContain('"remaining":9223372036854775807,');
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { asyncApiDocument } from '@app/contracts/asyncapi';
import { tamper } from '../../../../libs/ledger/test/tamper.js';
import { VERIFIER_KEY } from '../../../../libs/sealing/test/sealing.js';
import { ROOT } from '../../../../tools/support/paths.js';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';
import {
  accept,
  flag,
  grant,
  PROGRAM,
  promote,
  publish,
  takeBack,
} from '../../test/write-ledger.js';

const execute = promisify(execFile);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIRST_MS = Date.parse('2024-11-10T00:00:00Z');
const SHARD = shardOf('m1', SHARD_COUNT);
const EXPIRES_AT = '2034-11-11T00:00:00.000Z';
const LOT = { unit: 'ANY_IMP', amount: 100n, expiresAt: EXPIRES_AT } as const;

/** An order that was paid, and what a cause says of it. */
const PAID = {
  type: 'order.paid',
  data: { orderId: 'o1', amountMinor: 990, channel: 'shelf' },
  source: 'urn:orders',
};
const reference = (id: string, offset: number) => ({
  topic: 'merchant.activity.v1',
  partition: SHARD,
  offset: String(offset),
  source: PAID.source,
  id,
});

describe('what auditors hold the ledger against', () => {
  let api: ApiUnderTest;
  let lotIds: string[];
  let orderId: string;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    const { pool } = api;
    await publish(pool, 'm3', { unit: 'ANY_IMP', amount: 1_000n }, FIRST_MS);
    for (const [offset, id] of ['first', 'second', 'third'].entries())
      await accept(pool, 'm1', { ...PAID, id, offset }, FIRST_MS + offset);
    lotIds = await grant(
      pool,
      'm1',
      [
        { ...LOT, events: [reference('first', 0)] },
        { ...LOT, events: [reference('forged', 1)] },
      ],
      FIRST_MS,
    );
    await api.seal();
    orderId = await promote(
      pool,
      'm1',
      { lotId: lotIds[0]!, unit: 'ANY_IMP', ordered: 50n, reported: 60n },
      FIRST_MS + DAY_MS,
    );
    const postings = [
      { account: 'available', amount: -30n },
      { account: `clawed_back:${PROGRAM}`, amount: 30n },
    ] as const;
    const lotId = lotIds[1]!;
    const lines = postings.map((line) => ({
      ...line,
      unit: 'ANY_IMP' as const,
      lotId,
    }));
    await takeBack(
      pool,
      'm1',
      { lotId, postings: lines, cash: [] },
      FIRST_MS + DAY_MS,
    );
    await grant(pool, 'm2', [LOT], FIRST_MS + DAY_MS);
    await flag(pool, 'm1', 'orders among friends', FIRST_MS + HOUR_MS);
    await flag(pool, 'm1', 'once more', FIRST_MS + 2 * DAY_MS);
    await grant(pool, 'm1', [LOT], FIRST_MS + DAY_MS);
    await grant(pool, 'm1', [LOT], FIRST_MS + 3 * DAY_MS);
    await api.seal();
  });
  afterAll(() => api.close());

  async function get(path: string, query: Record<string, string> = {}) {
    const { body } = await api.as.auditor.get(path).query(query).expect(200);
    return body as Record<string, unknown>;
  }

  it('tells what accepted activity led to, and the cause that names what was never accepted', async () => {
    const body = await get('/v1/reconciliation/activity');
    expect(body.counts).toEqual([
      {
        type: 'order.paid',
        accepted: 3,
        amountMinor: 2_970,
        late: 0,
        ledToGrants: 1,
        ledToOthers: 0,
        ledToNothing: 2,
      },
      expect.objectContaining({ type: 'risk.flagged', accepted: 2 }),
    ]);
    const differences = body.differences as Record<string, unknown>[];
    expect(
      differences.map(({ difference, entryId }) => [difference, entryId]),
    ).toEqual(
      expect.arrayContaining([
        ['not_accepted', lotIds[1]],
        ['not_taken', `promotions-${SHARD}-2`],
      ]),
    );
    expect(differences).toHaveLength(2);
    expect(differences).toContainEqual(
      expect.objectContaining({
        event: reference('forged', 1),
        accepted: null,
      }),
    );
    const other = String((SHARD + 1) % SHARD_COUNT);
    expect(await get('/v1/reconciliation/activity', { shard: other })).toEqual({
      consumedOffsets: 0,
      counts: [],
      differences: [],
      next: null,
    });
  });

  it('goes on behind a cursor, to the same sums', async () => {
    const sums: Record<string, number> = {};
    let differences = 0;
    let cursor: string | null = null;
    do {
      const body = await get('/v1/reconciliation/activity', {
        limit: '1',
        ...(cursor && { cursor }),
      });
      for (const { type, accepted } of body.counts as {
        type: string;
        accepted: number;
      }[])
        sums[type] = (sums[type] ?? 0) + accepted;
      differences += (body.differences as unknown[]).length;
      cursor = body.next as string | null;
    } while (cursor);
    expect({ sums, differences }).toEqual({
      sums: { 'order.paid': 3, 'risk.flagged': 2 },
      differences: 2,
    });
  });

  it('tells what differs between reports and the ledger, by whose doing', async () => {
    const body = await get('/v1/reconciliation/deliveries');
    expect(body.sums).toMatchObject([
      {
        placement: 'live',
        promotionOrders: 1,
        ordered: 50,
        reported: 60,
        spent: 50,
        beyondOrders: 10,
      },
    ]);
    expect(body.differences).toMatchObject([
      {
        difference: 'reported_beyond_order',
        isMistake: false,
        order: {
          promotionOrderId: orderId,
          merchantId: 'm1',
          targetId: 'session-1',
        },
      },
    ]);
    const later = { from: new Date(FIRST_MS + 2 * DAY_MS).toISOString() };
    expect(await get('/v1/reconciliation/deliveries', later)).toEqual({
      sums: [],
      differences: [],
      next: null,
    });
  });

  it('tells the funds of a program as of a moment, and totals that add up to them', async () => {
    const funds = await get(`/v1/programs/${PROGRAM}/funds`);
    const total = { granted: 500, spent: 50, expired: 0, clawedBack: 30 };
    expect(funds.funds).toEqual([
      {
        unit: 'ANY_IMP',
        budget: 1_000,
        ...total,
        spentBy: [{ placement: 'live', amount: 50 }],
        left: 500,
      },
    ]);
    const { totals } = await get('/v1/ledger/totals', { by: 'program' });
    expect(totals).toEqual([
      {
        day: null,
        placement: null,
        program: PROGRAM,
        unit: 'ANY_IMP',
        ...total,
      },
    ]);
    const early = { at: '2024-11-10T12:00:00Z' };
    expect(await get(`/v1/programs/${PROGRAM}/funds`, early)).toMatchObject({
      asOf: '2024-11-10T12:00:00.000Z',
      funds: [{ granted: 200, spent: 0, left: 800 }],
    });
    await api.as.auditor
      .get(`/v1/programs/${PROGRAM}/funds`)
      .query({ at: '2024-11-09T00:00:00Z' })
      .expect(404);
  });

  it('totals by day of Shanghai, placement and program, of a period and as of a moment', async () => {
    const { totals } = await get('/v1/ledger/totals', {
      from: '2024-11-10T12:00:00Z',
      at: '2024-11-12T00:00:00Z',
    });
    const nothing = { granted: 0, spent: 0, expired: 0, clawedBack: 0 };
    const line = { day: '2024-11-11', program: PROGRAM, unit: 'ANY_IMP' };
    expect(totals).toEqual([
      { ...line, placement: null, ...nothing, granted: 200, clawedBack: 30 },
      { ...line, placement: 'live', ...nothing, spent: 50 },
    ]);
    const { body } = await api.as.auditor
      .get('/v1/ledger/totals')
      .query({ by: 'week' })
      .expect(400);
    expect(body.errors).toMatchObject([{ field: 'by' }]);
  });

  it('lists grants ahead of a flag, page by page, each with the first flag behind it', async () => {
    const found: unknown[] = [];
    let cursor: string | null = null;
    do {
      const body = await get('/v1/grants/before-flag', {
        limit: '1',
        ...(cursor && { cursor }),
      });
      for (const { entryId, lot, flag: flagged } of body.grants as {
        entryId: string;
        lot: { clawedBack: number };
        flag: { reason: string };
      }[])
        found.push([entryId, lot.clawedBack, flagged.reason]);
      cursor = body.next as string | null;
    } while (cursor);
    expect(found).toEqual([
      [lotIds[0], 0, 'orders among friends'],
      [lotIds[1], 30, 'orders among friends'],
      [`grants-${SHARD}-4`, 0, 'once more'],
    ]);
  });

  describe('proves a balance', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'proof-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    async function verify(merchant: string, proof: object) {
      const file = join(folder, 'proof.json');
      await writeFile(file, JSON.stringify(proof));
      const verifier = join(ROOT, 'tools', 'ledger', 'verify-balance.mjs');
      return execute(process.execPath, [
        verifier,
        merchant,
        file,
        '--public-key',
        VERIFIER_KEY,
      ]);
    }

    it('at any block, to somebody who has the public key and nothing else', async () => {
      const path = '/v1/merchants/m1/balances/proof';
      const last = await get(path);
      expect(last.balances).toContainEqual({
        account: 'merchant:m1:available',
        unit: 'ANY_IMP',
        balance: 320,
      });
      expect((await verify('m1', last)).stdout).toContain(
        'merchant:m1:available ANY_IMP 320\nm1 had nothing else\n',
      );
      const first = await get(path, { block: '0' });
      expect((await verify('m1', first)).stdout).toContain(
        'merchant:m1:available ANY_IMP 200\nm1 had nothing else\n',
      );
      const nobody = await get('/v1/merchants/nobody/balances/proof');
      expect(nobody.balances).toEqual([]);
      expect((await verify('nobody', nobody)).stdout).toMatch(
        /\nnobody had nothing else\n$/,
      );
      await api.as.auditor.get(path).query({ block: '99' }).expect(404);
    });

    it('to nobody where anything in it is another', async () => {
      const proof = await get('/v1/merchants/m1/balances/proof');
      const { inclusion } = proof as { inclusion: { leaf: string } };
      const other = Buffer.from(inclusion.leaf, 'base64');
      other[other.length - 1]! ^= 1;
      for (const [merchant, wrong] of [
        ['m2', proof],
        ['m1', { ...proof, index: (proof.index as number) + 1 }],
        ['m1', { ...proof, leaf: Buffer.from('x').toString('base64') }],
        ['m1', { ...proof, proof: (proof.proof as string[]).slice(1) }],
        [
          'm1',
          {
            ...proof,
            inclusion: { ...inclusion, leaf: other.toString('base64') },
          },
        ],
      ] as const)
        await expect(verify(merchant, wrong)).rejects.toMatchObject({
          code: 1,
          stdout: expect.stringMatching(/^wrong: /) as string,
        });
    });

    it('no more where balances are others than were sealed', async () => {
      await tamper(
        api.pool,
        `UPDATE merchant_balance SET amount = amount + 1
         WHERE merchant_id = 'm1' AND journal = 'grants' AND account = 'available'`,
      );
      const { body } = await api.as.auditor
        .get('/v1/merchants/m1/balances/proof')
        .expect(409);
      expect(body.type).toMatch(/:balances-not-as-sealed$/);
    });
  });

  it('serves the contract of the topics beside its own', async () => {
    const { body } = await api.http.get('/asyncapi.json').expect(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  });
});

import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import {
  leafHash,
  openCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '@app/transparency';
import { LOG } from '../../../../libs/sealing/test/sealing.js';
import {
  haveSystemTopicsAlone,
  recreateTopics,
} from '../../../../test/support/topics.js';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';
import { grant, useLot } from '../../test/write-ledger.js';
import { encodeCursor } from '../openapi/cursor.js';

const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse('2024-11-10T00:00:00Z');
const SHARD = shardOf('m1', SHARD_COUNT);
const EVENT = { source: 'urn:orders', id: 'order-1' };
const REVERSED = { from: '2024-11-12T00:00:00Z', to: '2024-11-10T00:00:00Z' };

describe('what auditors ask', () => {
  let api: ApiUnderTest;
  let lotIds: string[];
  let smallTree: { size: number; root: string };

  haveSystemTopicsAlone();
  beforeAll(async () => {
    const brokers = inject('kafkaBrokers');
    await recreateTopics(brokers, SHARD_COUNT);
    api = await startApi(inject('postgresUrl'), brokers);
    const soon = new Date(Date.now() + DAY_MS).toISOString();
    const late = new Date(Date.now() + 40 * DAY_MS).toISOString();
    const reference = { topic: 't', partition: 0, offset: '1', ...EVENT };
    const lot = { unit: 'ANY_IMP', amount: 10n } as const;
    // One a day, by turns of two merchants in different shards.
    lotIds = await grant(
      api.pool,
      'm1',
      [
        { ...lot, expiresAt: late, events: [reference] },
        { ...lot, expiresAt: soon },
      ],
      FIRST_MS,
    );
    await grant(
      api.pool,
      'm2',
      [{ ...lot, expiresAt: soon, events: [reference] }],
      FIRST_MS + DAY_MS,
    );
    await api.seal();
    ({ body: smallTree } = await get('/v1/log/checkpoint'));
    lotIds.push(
      ...(await grant(
        api.pool,
        'm1',
        [{ ...lot, expiresAt: soon }],
        FIRST_MS + 2 * DAY_MS,
      )),
    );
    const use = { unit: 'ANY_IMP', granted: 10n } as const;
    await useLot(
      api.pool,
      'm1',
      { ...use, lotId: lotIds[0]!, spent: 4n },
      FIRST_MS + 3 * DAY_MS,
    );
    await useLot(
      api.pool,
      'm1',
      { ...use, lotId: lotIds[1]!, spent: 10n },
      FIRST_MS + 3 * DAY_MS,
    );
    await api.seal();
  });
  afterAll(() => api.close());

  async function get(path: string, query: Record<string, string> = {}) {
    return api.as.auditor.get(path).query(query).expect(200);
  }

  /** Everything of a list, page by page. */
  async function walk(
    path: string,
    list: string,
    query: Record<string, string>,
  ) {
    const found: Record<string, unknown>[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await get(path, { ...query, ...(cursor && { cursor }) });
      found.push(...(body[list] as Record<string, unknown>[]));
      cursor = body.next as string | null;
    } while (cursor);
    return found;
  }

  it('tells balances as of a time and of a position, and now', async () => {
    const read = async (query: Record<string, string>) => {
      const { body } = await get('/v1/merchants/m1/balances', query);
      return (body.balances as { account: string; amount: number }[]).map(
        ({ account, amount }) => [account, amount],
      );
    };
    expect(await read({ at: '2024-11-09T00:00:00Z' })).toEqual([]);
    expect(await read({ at: '2024-11-10T08:00:00+08:00' })).toEqual([
      ['available', 20],
    ]);
    expect(await read({ position: String(smallTree.size - 1) })).toEqual([
      ['available', 20],
    ]);
    expect(await read({})).toEqual([
      ['available', 16],
      ['reserved', 0],
    ]);
  });

  it('sums the trial balance to zero at any of them', async () => {
    for (const query of [
      {},
      { at: '2024-11-11T12:00:00Z' },
      { position: '0' },
    ]) {
      const { body } = await get('/v1/ledger/trial-balance', query as never);
      const accounts = body.accounts as { balance: number }[];
      expect(accounts.reduce((sum, { balance }) => sum + balance, 0)).toBe(0);
    }
  });

  it.each([
    ['/v1/merchants/m1/balances', { at: '2999-01-01T00:00:00Z' }, 'at'],
    ['/v1/merchants/m1/balances', { at: '2024-11-11T00:00:00' }, 'at'],
    ['/v1/merchants/m1/balances', { at: '0000-12-31T00:00:00Z' }, 'at'],
    [
      '/v1/exports/entries',
      { format: 'ndjson', from: '9999-12-31T23:59:59-08:00' },
      'from',
    ],
    ['/v1/merchants/m1/balances', { position: '999' }, 'position'],
    [
      '/v1/merchants/m1/balances',
      { at: '2024-11-11T00:00:00Z', position: '1' },
      'position',
    ],
    ['/v1/merchants/m1/statement', { to: '2999-01-01T00:00:00Z' }, 'to'],
    ['/v1/merchants/m1/statement', REVERSED, 'to'],
    [
      '/v1/merchants/m1/statement',
      { fromPosition: '2', toPosition: '1' },
      'toPosition',
    ],
    ['/v1/entries', REVERSED, 'to'],
    ['/v1/exports/entries', { format: 'csv', ...REVERSED }, 'to'],
    ['/v1/reconciliation/activity', REVERSED, 'to'],
    ['/v1/reconciliation/deliveries', REVERSED, 'to'],
    ['/v1/ledger/totals', { from: REVERSED.from, at: REVERSED.to }, 'at'],
    ['/v1/merchants/m1/lots', { cursor: 'WzFd' }, 'cursor'],
    [
      '/v1/merchants/m1/lots/expiring',
      { cursor: encodeCursor({ expiresAtMs: 0, lotId: '\0' }) },
      'cursor',
    ],
    [
      '/v1/adjustments',
      { cursor: encodeCursor({ proposedAtMs: 0, proposalId: '\0' }) },
      'cursor',
    ],
    ['/v1/entries', { version: '1' }, 'version'],
    ['/v1/entries', { kind: 'gift' }, 'kind'],
    ['/v1/log/consistency', { from: '5', to: '4' }, 'to'],
    ['/v1/log/consistency', { from: '999' }, 'from'],
    ['/v1/log/inclusion', { entry: 'lots-1-1' }, 'entry'],
    ['/v1/exports/entries', { format: 'xlsx' }, 'format'],
    [
      '/v1/exports/entries',
      { format: 'csv', timeZone: 'Moon/Base' },
      'timeZone',
    ],
  ])('refuses %s with %j by its field', async (path, query, field) => {
    const { body } = await api.as.auditor.get(path).query(query).expect(400);
    expect(body.errors).toMatchObject([{ field }]);
  });

  it('lists lots page by page, as they were at a moment', async () => {
    const ids = async (query: Record<string, string>) =>
      (
        await walk('/v1/merchants/m1/lots', 'lots', { limit: '1', ...query })
      ).map(({ lotId }) => lotId);
    const [late, used, last] = lotIds;
    expect(await ids({})).toEqual([last, late, used]);
    expect(await ids({ at: '2024-11-10T00:00:00Z' })).toEqual([used, late]);
  });

  it('keeps to the moment of the first page, whatever comes meanwhile', async () => {
    const first = await get('/v1/merchants/m9/lots', { limit: '1' });
    expect(first.body).toMatchObject({ lots: [], next: null });
    const lot = { unit: 'LIVE_IMP', amount: 5n } as const;
    const expiresAt = '2035-01-01T00:00:00Z';
    await grant(
      api.pool,
      'm9',
      [
        { ...lot, expiresAt },
        { ...lot, expiresAt },
      ],
      Date.now(),
    );
    const page = await get('/v1/merchants/m9/lots', { limit: '1' });
    await grant(api.pool, 'm9', [{ ...lot, expiresAt }], Date.now());
    const rest = await get('/v1/merchants/m9/lots', {
      cursor: page.body.next as string,
    });
    expect(rest.body.lots).toHaveLength(1);
    expect(rest.body.next).toBeNull();
  });

  it('lists lots that are about to expire, with what is left of them', async () => {
    const within = async (days: string) =>
      (
        await walk('/v1/merchants/m1/lots/expiring', 'lots', {
          withinDays: days,
          limit: '1',
        })
      ).map(({ lotId, available }) => [lotId, available]);
    expect(await within('7')).toEqual([[lotIds[2], 10]]);
    expect(await within('60')).toEqual([
      [lotIds[2], 10],
      [lotIds[0], 6],
    ]);
  });

  it('tells a statement whose lines lead from its opening to its closing', async () => {
    const query = { from: '2024-11-11T00:00:00Z' };
    const { body } = await get('/v1/merchants/m1/statement', query);
    expect(body.opening).toEqual([
      { account: 'available', unit: 'ANY_IMP', amount: 20 },
    ]);
    const lines = await walk('/v1/merchants/m1/statement', 'lines', {
      ...query,
      limit: '1',
    });
    expect(lines).toEqual(body.lines);
    const available = lines.filter(({ account }) => account === 'available');
    expect(available.map(({ amount, balance }) => [amount, balance])).toEqual([
      [10, 30],
      [-4, 26],
      [-10, 16],
    ]);
    expect(lines[0]).toMatchObject({
      kind: 'grant',
      explanation: { en: expect.any(String) as string },
    });
  });

  it('finds entries by merchant, program, version, kind, period and cause', async () => {
    const ids = async (query: Record<string, string>) =>
      (await walk('/v1/entries', 'entries', { limit: '1', ...query })).map(
        ({ entryId }) => entryId,
      );
    const uses = [`promotions-${SHARD}-1`, `promotions-${SHARD}-2`];
    expect(await ids({ merchant: 'm1' })).toEqual([...lotIds, ...uses]);
    expect(await ids({ merchant: 'm1', kind: 'deliver' })).toEqual(uses);
    expect(await ids({ cause: 'lot_expired' })).toEqual(uses);
    expect(await ids({ program: 'another' })).toEqual([]);
    const rule = { program: 'order-ladder', version: '1', kind: 'grant' };
    expect(await ids({ ...rule, merchant: 'm1' })).toEqual(lotIds);
    expect(
      await ids({
        ...rule,
        from: '2024-11-11T00:00:00Z',
        to: '2024-11-12T00:00:00Z',
      }),
    ).toEqual([`grants-${shardOf('m2', SHARD_COUNT)}-1`]);
  });

  it('reads one entry, and says where there is none', async () => {
    const { body } = await get(`/v1/entries/${lotIds[0]}`);
    expect(body).toMatchObject({ entryId: lotIds[0], kind: 'grant' });
    await api.as.auditor.get('/v1/entries/grants-0-999').expect(404);
    await api.as.auditor.get('/v1/entries/grants-9999-1').expect(404);
  });

  it('tells the life of a lot', async () => {
    const path = `/v1/lots/${lotIds[0]}`;
    const { body } = await get(path);
    expect(body.lot).toMatchObject({ merchantId: 'm1', granted: 10 });
    const kinds = (await walk(path, 'entries', { limit: '1' })).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['grant', 'deliver']);
    await api.as.auditor.get('/v1/lots/grants-0-999').expect(404);
  });

  it('tells all that one event has caused, of any merchant', async () => {
    const entries = await walk('/v1/events/effects', 'entries', {
      ...EVENT,
      limit: '1',
    });
    const merchants = new Set(entries.map(({ merchantId }) => merchantId));
    expect(merchants).toEqual(new Set(['m1', 'm2']));
    expect(entries).toHaveLength(2);
  });

  it('proves that an entry is in the log, and that the log has only grown', async () => {
    const { body: last } = await get('/v1/log/checkpoint');
    const checkpoint = openCheckpoint(Buffer.from(last.note as string), LOG);
    expect(last.size).toBe(checkpoint.size);
    const bytes = (text: string) => Buffer.from(text, 'base64');
    for (const { size, root } of [last, smallTree] as (typeof smallTree)[]) {
      const { body } = await get('/v1/log/inclusion', {
        entry: lotIds[0]!,
        size: String(size),
      });
      verifyInclusion(
        {
          index: body.position as number,
          leafHash: leafHash(bytes(body.leaf as string)),
          size,
          root: bytes(root),
        },
        (body.proof as string[]).map(bytes),
      );
    }
    const { body } = await get('/v1/log/consistency', {
      from: String(smallTree.size),
    });
    verifyConsistency(
      { size: smallTree.size, root: bytes(smallTree.root) },
      checkpoint,
      (body.proof as string[]).map(bytes),
    );
    await api.as.auditor
      .get('/v1/log/inclusion')
      .query({ entry: lotIds[2], size: smallTree.size })
      .expect(404);
  });

  it.each([
    ['ndjson', 5],
    // With a header, and a line for each posting.
    ['csv', 1 + 2 * 3 + 2 * 4],
  ])('exports entries as %s', async (format, lines) => {
    const { text, headers } = await get('/v1/exports/entries', {
      format,
      merchant: 'm1',
    });
    expect(text.trimEnd().split('\n')).toHaveLength(lines);
    expect(headers['content-disposition']).toContain(`entries.${format}`);
  });

  it('exports Parquet, and journals that begin with what was there', async () => {
    const { body } = await api.as.auditor
      .get('/v1/exports/entries')
      .query({ format: 'parquet' })
      .responseType('blob')
      .expect(200);
    expect((body as Buffer).subarray(0, 4).toString()).toBe('PAR1');
    expect((body as Buffer).subarray(-4).toString()).toBe('PAR1');
    const { text } = await get('/v1/exports/entries', {
      format: 'hledger',
      from: '2024-11-11T00:00:00Z',
    });
    expect(text).toMatch(/opening/i);
  });

  it('tells of an export that fails ahead of its first byte as of any failure', async () => {
    await api.pool.query('ALTER VIEW audit.shard_head RENAME TO away');
    // One more than run at once.
    for (let i = 0; i < 3; i += 1) {
      const { body } = await api.as.auditor
        .get('/v1/exports/entries')
        .query({ format: 'csv' })
        .expect(500)
        .expect('content-type', /^application\/problem\+json/);
      expect(body.type).toBe(
        'urn:traffic-reward-ledger:problem:internal-error',
      );
    }
    await api.pool.query('ALTER VIEW audit.away RENAME TO shard_head');
    await get('/v1/exports/entries', { format: 'csv' });
  });

  it('tells who has changed what', async () => {
    const turn = (key: string) =>
      api.as.service
        .put('/v1/merchants/m5/auto-promotion')
        .set('idempotency-key', key)
        .send({ enabled: false })
        .expect(200);
    for (const key of ['first', 'second', 'third']) await turn(key);
    const changes = await walk('/v1/changes', 'changes', {
      merchant: 'm5',
      limit: '1',
    });
    expect(changes.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      'third',
      'second',
      'first',
    ]);
    expect(changes[0]).toMatchObject({
      subject: 'service',
      roles: ['service'],
      operation: 'turnAutoPromotion',
      request: { enabled: false },
      status: 200,
    });
  });
});

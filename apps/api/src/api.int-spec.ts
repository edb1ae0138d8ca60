import { inject } from 'vitest';
import { startApi, type ApiUnderTest } from '../test/api-under-test.js';
import { LedgerReader } from './read-model/ledger-reader.js';

const PROBLEM = 'urn:traffic-reward-ledger:problem:';
/** A port that nobody listens on. */
const NO_KAFKA = '127.0.0.1:1';

describe('the api', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), NO_KAFKA);
  });
  afterAll(() => api.close());

  it.each([
    ['get', '/v1/nowhere', 404, 'not-found'],
    ['post', '/v1/merchants/m1/wallet', 405, 'method-not-allowed'],
    ['get', '/v1/merchants/%FF/wallet', 400, 'bad-request'],
    ['get', '/v1/merchants/%00/wallet', 400, 'invalid-request'],
    ['get', `/v1/merchants/${'x'.repeat(257)}/wallet`, 400, 'invalid-request'],
  ] as const)(
    'answers %s %s with a problem',
    async (method, path, status, kind) => {
      const { body } = await api.as.auditor[method](path)
        .expect(status)
        .expect('content-type', /^application\/problem\+json/);
      expect(body).toMatchObject({
        type: PROBLEM + kind,
        title: expect.any(String),
        status,
        detail: expect.any(String),
        instance: expect.stringMatching(/^urn:uuid:/),
      });
    },
  );

  it('asks for a token, and says so in the answer', async () => {
    const { body, headers } = await api.http
      .get('/v1/merchants/m1/wallet')
      .expect(401);
    expect(body.type).toBe(`${PROBLEM}unauthenticated`);
    expect(headers['www-authenticate']).toBe(
      'Bearer realm="traffic-reward-ledger"',
    );
  });

  it.each(['Bearer nonsense', 'Bearer a.b.c', 'bearer  a.b.c'])(
    'takes no token that is none: %s',
    async (authorization) => {
      const { body, headers } = await api.http
        .get('/v1/merchants/m1/wallet')
        .set({ authorization })
        .expect(401);
      expect(body.type).toBe(`${PROBLEM}invalid-token`);
      expect(headers['www-authenticate']).toContain('error="invalid_token"');
    },
  );

  it('shows a merchant its own data, and no other’s', async () => {
    await api.as.merchant.get('/v1/merchants/m1/wallet').expect(200);
    for (const path of [
      '/v1/merchants/m2/wallet',
      '/v1/ledger/trial-balance',
    ]) {
      const { body, headers } = await api.as.merchant.get(path).expect(403);
      expect(body.type).toBe(`${PROBLEM}forbidden`);
      expect(headers['www-authenticate']).toContain('insufficient_scope');
    }
  });

  it.each([
    ['{"enabled":', 400, 'bad-request'],
    [`{"enabled":"${'x'.repeat(20_000)}"}`, 413, 'payload-too-large'],
  ])('refuses a body of %.12s…', async (body, status, kind) => {
    const response = await api.as.service
      .put('/v1/merchants/m1/auto-promotion')
      .type('json')
      .send(body)
      .expect(status);
    expect(response.body.type).toBe(PROBLEM + kind);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'takes no body for %s',
    async (type) => {
      const { body } = await api.as.service
        .put('/v1/merchants/m1/auto-promotion')
        .type(type)
        .send('{"enabled":false}')
        .expect(415);
      expect(body.type).toBe(`${PROBLEM}unsupported-media-type`);
    },
  );

  it('says nothing of what it is made with, and what browsers may do: nothing', async () => {
    const { headers } = await api.as.auditor
      .get('/v1/ledger/trial-balance')
      .set('origin', 'https://elsewhere.example.com');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'strict-transport-security': expect.any(String) as string,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it.each([
    ['/v1/merchants/m1/wallet?at=now', 'at'],
    ['/health/live?deep=1', 'deep'],
  ])('refuses a field that no call takes: %s', async (path, field) => {
    const { body } = await api.as.auditor.get(path).expect(400);
    expect(body).toMatchObject({
      type: `${PROBLEM}invalid-request`,
      errors: [{ field, message: 'unknown field' }],
    });
  });

  it('refuses a body where it takes none', async () => {
    const { body } = await api.as.auditor
      .get('/v1/merchants/m1/wallet')
      .send({ at: 'now' })
      .expect(400);
    expect(body.errors).toEqual([
      { field: 'body', message: expect.any(String) },
    ]);
  });

  it('tells nobody of what they may not call', async () => {
    await api.http.get('/v1/merchants/m1/wallet?at=now').expect(401);
  });

  it('lets go of a query whose client goes away', async () => {
    const blocker = await api.pool.connect();
    const countWaiting = async () => {
      const { rowCount } = await api.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount;
    };
    try {
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE merchant_balance');
      const asking = api.as.auditor.get('/v1/merchants/m1/wallet');
      asking.then(
        () => undefined,
        () => undefined,
      );
      await vi.waitUntil(async () => (await countWaiting()) === 1, 3_000);
      asking.abort();
      await vi.waitUntil(async () => (await countWaiting()) === 0, 2_000);
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
    await api.as.auditor.get('/v1/merchants/m1/wallet').expect(200);
  });

  it('gives up a query that takes too long', async () => {
    const reading = api.app
      .get(LedgerReader)
      .read((manager) => manager.query('SELECT pg_sleep(20)'));
    await expect(reading).rejects.toMatchObject({
      kind: 'deadline-exceeded',
      status: 503,
    });
  });

  it('cannot write', async () => {
    const writing = api.app
      .get(LedgerReader)
      .read((manager) => manager.query('DELETE FROM promotion_state'));
    await expect(writing).rejects.toThrow(/read-only/);
  });

  it('outlives a database that goes away and comes back', async () => {
    const severed = api.app.get(LedgerReader).read(async (manager) => {
      const [{ pid }] = (await manager.query(
        'SELECT pg_backend_pid() AS pid',
      )) as [{ pid: number }];
      await api.pool.query('SELECT pg_terminate_backend($1)', [pid]);
      await manager.query('SELECT 1');
    });
    await expect(severed).rejects.toMatchObject({
      kind: 'database-unavailable',
      status: 503,
    });
    await api.as.auditor.get('/v1/merchants/m1/wallet').expect(200);
  });

  describe('without Kafka', () => {
    it('still answers what the ledger knows', async () => {
      await api.as.auditor.get('/v1/merchants/m1/wallet').expect(200);
    });

    it('does not take a switch', async () => {
      const { body } = await api.as.service
        .put('/v1/merchants/m1/auto-promotion')
        .set('idempotency-key', '1')
        .send({ enabled: true })
        .expect(503);
      expect(body.type).toBe(`${PROBLEM}kafka-unavailable`);
    });

    it('is alive, but not ready, and says why', async () => {
      await api.http.get('/health/live').expect(200);
      const { body } = await api.http.get('/health/ready').expect(503);
      expect(body.details).toMatchObject({
        database: { status: 'up' },
        kafka: { status: 'down', message: expect.stringContaining(NO_KAFKA) },
      });
    });
  });
});

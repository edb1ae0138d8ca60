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
    ['post', '/v1/merchants/m1/wallet', 404, 'not-found'],
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

  it('says nothing of what it is made with', async () => {
    const { headers } = await api.as.auditor.get('/v1/ledger/trial-balance');
    expect(headers).not.toHaveProperty('x-powered-by');
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

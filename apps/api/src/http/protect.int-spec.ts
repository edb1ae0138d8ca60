import { inject } from 'vitest';
import { startApi, type ApiUnderTest } from '../../test/api-under-test.js';

const CONSOLE = 'https://console.example.com';
const PATH = '/v1/merchants/m1/wallet';
const BASE64URL =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('an api with limits', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'), {
      API_REQUESTS_PER_MINUTE_PER_TOKEN: 3,
      API_REQUESTS_PER_MINUTE_PER_ADDRESS: 8,
      API_CORS_ORIGINS: [CONSOLE],
      API_TRUSTED_PROXIES: ['loopback'],
    });
  });
  afterAll(() => api.close());

  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('turns a token away that asks too often, and says until when', async () => {
    for (let i = 0; i < 3; i += 1)
      await api.as.auditor.get(PATH).set(from('192.0.2.1')).expect(200);
    const { body, headers } = await api.as.auditor
      .get(PATH)
      .set(from('192.0.2.2'))
      .expect(429)
      .expect('content-type', /^application\/problem\+json/);
    expect(body.type).toBe(
      'urn:traffic-reward-ledger:problem:too-many-requests',
    );
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['ratelimit']).toContain('"token"; r=0');
    await api.as.operator.get(PATH).set(from('192.0.2.1')).expect(200);
  });

  it('knows a token again whose signature is written in another way', async () => {
    const written = await api.authorize('service');
    // Of the last character only two bits count.
    const last = BASE64URL.indexOf(written.at(-1)!) & ~15;
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const authorization = written.slice(0, -1) + BASE64URL[last + i];
      const answer = await api.http
        .get(PATH)
        .set({ ...from('192.0.2.4'), authorization });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('turns an address away that brings many tokens, but never who checks its health', async () => {
    for (let i = 0; i < 8; i += 1)
      await api.http
        .get(PATH)
        .set({ ...from('192.0.2.3'), authorization: `Bearer a.b.${i}0` })
        .expect(401);
    await api.as.approver.get(PATH).set(from('192.0.2.3')).expect(429);
    for (let i = 0; i < 10; i += 1)
      await api.http.get('/health/live').set(from('192.0.2.3')).expect(200);
  });

  it.each([
    [CONSOLE, CONSOLE],
    ['https://elsewhere.example.com', undefined],
  ])('lets the pages of %s call it: %s', async (origin, allowed) => {
    const { headers } = await api.http.get('/health/live').set({ origin });
    expect(headers['access-control-allow-origin']).toBe(allowed);
  });

  it('lets pages ask again with the tag that an answer had', async () => {
    const { headers } = await api.http
      .get(PATH)
      .set({ origin: CONSOLE, ...from('192.0.2.5') });
    expect(headers['access-control-expose-headers']?.split(',')).toContain(
      'ETag',
    );
    await api.http
      .options(PATH)
      .set({
        origin: CONSOLE,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,if-none-match',
        ...from('192.0.2.5'),
      })
      .expect('access-control-allow-headers', 'authorization,if-none-match')
      .expect(204);
  });
});

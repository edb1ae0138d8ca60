import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { routesOf } from '@app/platform';
import { ApiModule } from '../api.module.js';
import { describeApi } from './openapi.controller.js';
import { PROBLEMS } from './problems.js';

/** Nothing is connected to: it is only asked what it answers to. */
const module = ApiModule.forRoot({
  NODE_ENV: 'test',
  AUTH_ISSUERS: [],
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  KAFKA_BROKERS: ['127.0.0.1:1'],
  API_HOST: '127.0.0.1',
  API_PORT: 0,
  API_CORS_ORIGINS: [],
  API_TRUSTED_PROXIES: [],
  API_REQUESTS_PER_MINUTE_PER_TOKEN: 0,
  API_REQUESTS_PER_MINUTE_PER_ADDRESS: 0,
  LOG_LEVEL: 'fatal',
});
const document = describeApi(routesOf([module]));

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const { valid, errors } = await new Validator().validate(
      structuredClone(document),
    );
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('is what is kept beside the code: `npx vitest run -u` on this file writes it', async () => {
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
      '../../openapi.json',
    );
  });

  const operations = Object.values(document.paths).flatMap((item) =>
    Object.entries(item),
  );

  it('gives each operation a name of its own', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('asks for a key with every change, and with nothing else', () => {
    // They are asked with more than an address holds, and change nothing.
    const questions = ['checkPrograms', 'dryRunProgram'];
    for (const [method, { operationId, parameters }] of operations)
      expect(parameters.some(({ name }) => name === 'Idempotency-Key')).toBe(
        method !== 'get' && !questions.includes(operationId),
      );
  });

  it('leaves only these open to everybody', () => {
    const open = operations
      .filter(([, { security }]) => security.length === 0)
      .map(([, { operationId }]) => operationId);
    expect(open.sort()).toEqual([
      'readAsyncApi',
      'readLiveness',
      'readMetrics',
      'readOpenApi',
      'readReadiness',
    ]);
  });
});

describe('docs/api.md', () => {
  const text = readFileSync(
    new URL('../../../../docs/api.md', import.meta.url),
    'utf8',
  );

  it.each(Object.entries(PROBLEMS))(
    'lists the problem %s',
    (kind, { status }) => {
      expect(text).toMatch(new RegExp(`\\| \`${kind}\` +\\| ${status} +\\|`));
    },
  );
});

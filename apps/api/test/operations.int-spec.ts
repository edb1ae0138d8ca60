import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Response } from 'supertest';
import { inject } from 'vitest';
import { CALLER_ROLES, type CallerRole } from '@app/platform';
import {
  haveSystemTopicsAlone,
  recreateTopics,
} from '../../../test/support/topics.js';
import { SHARD_COUNT, startApi, type ApiUnderTest } from './api-under-test.js';
import { goodCalls } from './good-calls.js';
import {
  addressOf,
  OPERATIONS,
  violations,
  type CallValues,
  type DocumentedOperation,
} from './operations.js';

const PROBLEM = 'urn:traffic-reward-ledger:problem:';

/**
 * Every operation of the document, with a good, a bad and a forbidden request each: a new one fails until
 * good-calls.ts has a call of it.
 */
describe.each(OPERATIONS)('$id', (operation) => {
  const { roles, ownMerchantParam, isChange } = operation;
  const good = () => {
    const values = calls[operation.id];
    if (!values)
      throw new Error(`good-calls.ts has no call of ${operation.id}`);
    return values;
  };

  it('answers as the document says to whoever may call it', async () => {
    for (const role of roles.length > 0 ? roles : [null]) {
      const answer = await call(operation, role, good());
      expect({ role, violations: violations(operation, answer) }).toEqual({
        role,
        violations: [],
      });
      expect(answer.status).toBeLessThan(300);
    }
  });

  it('refuses a field that it does not take, by its name', async () => {
    const values = good();
    const wrong: [string, CallValues][] = [
      ['nonsense', { ...values, query: { ...values.query, nonsense: '1' } }],
    ];
    if (values.body)
      wrong.push(['more', { ...values, body: { ...values.body, more: 1 } }]);
    for (const [field, bad] of wrong) {
      const answer = await call(operation, roles[0] ?? null, bad);
      expect(answer.status).toBe(400);
      expect(violations(operation, answer)).toEqual([]);
      expect(answer.body).toMatchObject({
        type: `${PROBLEM}invalid-request`,
        errors: [{ field }],
      });
    }
  });

  it('says which methods it takes to whoever asks with another', async () => {
    const path = addressOf(operation, good()).split('?')[0]!;
    const { headers, body } = await api.http.delete(path).expect(405);
    expect(headers['allow']).toContain(operation.method.toUpperCase());
    expect(body.type).toBe(`${PROBLEM}method-not-allowed`);
  });

  if (roles.length > 0)
    it('asks for a token', async () => {
      const answer = await call(operation, null, good());
      expect(answer.status).toBe(401);
      expect(violations(operation, answer)).toEqual([]);
    });

  it.each(
    CALLER_ROLES.filter((role) => roles.length > 0 && !roles.includes(role)),
  )('is forbidden to the role %s', async (role) => {
    const answer = await call(operation, role, good());
    expect(answer.status).toBe(403);
    expect(violations(operation, answer)).toEqual([]);
  });

  if (ownMerchantParam !== undefined)
    it('is forbidden to another merchant', async () => {
      const other = await api.asMerchant('m2');
      const answer = await call(operation, other, good());
      expect(answer.status).toBe(403);
    });

  if (isChange)
    it('is written down', async () => {
      const key = randomUUID();
      await call(operation, roles[0]!, good(), key);
      const { rows } = await api.pool.query(
        'SELECT operation, status FROM audit.api_change WHERE idempotency_key = $1',
        [key],
      );
      expect(rows).toEqual([
        { operation: operation.id, status: expect.any(Number) as number },
      ]);
    });
});

let api: ApiUnderTest;
let calls: Record<string, CallValues>;

haveSystemTopicsAlone();
beforeAll(async () => {
  await recreateTopics(inject('kafkaBrokers'), SHARD_COUNT);
  api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
  calls = await goodCalls(api);
});
afterAll(() => api.close());

type Agent = Awaited<ReturnType<ApiUnderTest['asMerchant']>>;

async function call(
  operation: DocumentedOperation,
  who: CallerRole | Agent | null,
  values: CallValues,
  key: string = randomUUID(),
) {
  const caller =
    who === null ? api.http : typeof who === 'string' ? api.as[who] : who;
  const request = caller[operation.method as 'get'](
    addressOf(operation, values),
  );
  if (operation.isChange) request.set('idempotency-key', key);
  if (operation.isStream) request.buffer(true).parse(parseBeginning);
  const response = await (values.body ? request.send(values.body) : request);
  return {
    status: response.status,
    type: (response.headers['content-type'] ?? '').split(';')[0]!,
    body: response.body as unknown,
  };
}

/** All of a refusal, and of a stream as much as comes first. */
function parseBeginning(
  response: Response,
  done: (error: Error | null, body: unknown) => void,
): void {
  const answer = response as unknown as IncomingMessage;
  let text = '';
  answer.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (!answer.headers['content-type']?.startsWith('text/event-stream'))
      return;
    done(null, text);
    answer.destroy();
  });
  answer.once('end', () => done(null, JSON.parse(text)));
}

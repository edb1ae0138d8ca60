import { HttpStatus } from '@nestjs/common';
import { inject } from 'vitest';
import { ProblemException, type Caller } from '@app/platform';
import { startApi, type ApiUnderTest } from '../../test/api-under-test.js';
import { ChangeLog, type Change, type Outcome } from './change-log.js';

const CALLER: Caller = {
  issuer: 'https://id.example.com',
  subject: 'ann',
  roles: ['operator'],
  merchantId: null,
  tokenId: 'token-1',
  tokenExpiresAtMs: Infinity,
};

describe('the record of changes', () => {
  let api: ApiUnderTest;
  let log: ChangeLog;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    log = api.app.get(ChangeLog);
  });
  afterAll(() => api.close());

  function perform(
    idempotencyKey: string,
    work: (change: Change) => Promise<Outcome>,
    request: object = { enabled: true },
  ) {
    return log.perform(
      { caller: CALLER, address: '192.0.2.1', idempotencyKey },
      { operation: 'turn', merchantId: 'm1', request },
      work,
    );
  }

  const done = () =>
    Promise.resolve({ status: 200, body: { amount: 2n ** 60n } });

  async function recorded(key: string) {
    const { rows } = await api.pool.query(
      `SELECT change_id, issuer, subject, roles, token_id, address, operation, merchant_id, request, status, answer
       FROM audit.api_change WHERE idempotency_key = $1`,
      [key],
    );
    return rows as Record<string, unknown>[];
  }

  it('says who asked for what, from where, and what was answered', async () => {
    let id = '';
    await perform('who', (change) => {
      ({ id } = change);
      return done();
    });
    expect(await recorded('who')).toEqual([
      {
        change_id: id,
        issuer: 'https://id.example.com',
        subject: 'ann',
        roles: ['operator'],
        token_id: 'token-1',
        address: '192.0.2.1',
        operation: 'turn',
        merchant_id: 'm1',
        request: { enabled: true },
        status: 200,
        answer: '{"amount":1152921504606846976}',
      },
    ]);
  });

  it('is written before the change is made', async () => {
    await perform('before', async () => {
      expect(await recorded('before')).toMatchObject([{ status: null }]);
      return done();
    });
  });

  it('has a change made once, and answered alike, for one key', async () => {
    const work = vi.fn(done);
    const first = await perform('once', work);
    const second = await perform('once', work);
    expect(work).toHaveBeenCalledTimes(1);
    expect(second).toEqual(first);
  });

  it('keeps the keys of callers apart', async () => {
    const work = vi.fn(done);
    await perform('mine', work);
    await log.perform(
      {
        caller: { ...CALLER, subject: 'bob' },
        address: null,
        idempotencyKey: 'mine',
      },
      { operation: 'turn', merchantId: 'm1', request: {} },
      work,
    );
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('refuses a key that was used for something else', async () => {
    await perform('other', done);
    await expect(
      perform('other', done, { enabled: false }),
    ).rejects.toMatchObject({ kind: 'idempotency-key-reused', status: 422 });
  });

  it('answers nobody twice at a time', async () => {
    await perform('slow', async () => {
      await expect(perform('slow', done)).rejects.toMatchObject({
        kind: 'change-in-progress',
        status: 409,
      });
      return done();
    });
  });

  it('keeps a refusal, and tries a failure again as the same change', async () => {
    const fail = (status: HttpStatus) => () =>
      Promise.reject(new ProblemException({ kind: 'x', status, detail: 'x' }));
    const refused = await perform('refused', fail(HttpStatus.CONFLICT));
    expect(refused.status).toBe(409);
    expect(await perform('refused', done)).toEqual(refused);

    await expect(
      perform('failed', fail(HttpStatus.SERVICE_UNAVAILABLE)),
    ).rejects.toMatchObject({ status: 503 });
    const [{ change_id: id }] = (await recorded('failed')) as [
      { change_id: string },
    ];
    const answer = await perform('failed', (change) => {
      expect(change.id).toBe(id);
      return done();
    });
    expect(answer.status).toBe(200);
    expect(await recorded('failed')).toMatchObject([{ status: 200 }]);
  });

  it('has a change made by whoever asks again where its process ended without an answer', async () => {
    // As a process leaves it that is killed between writing down and answering.
    const killed = perform('killed', () => new Promise(() => undefined));
    killed.catch(() => undefined);
    await vi.waitUntil(async () => (await recorded('killed')).length === 1);
    await expect(perform('killed', done)).rejects.toMatchObject({
      status: 409,
    });
    await age('killed');
    const answer = await perform('killed', done);
    expect(answer.status).toBe(200);
  });

  /** As if half a minute had passed: only the owner of the table can do that, and only by taking the guard off. */
  async function age(key: string): Promise<void> {
    await api.pool.query(`
      BEGIN;
      ALTER TABLE api_change DISABLE TRIGGER append_only;
      UPDATE api_change SET recorded_at = recorded_at - interval '31 seconds' WHERE idempotency_key = '${key}';
      ALTER TABLE api_change ENABLE ALWAYS TRIGGER append_only;
      COMMIT`);
  }

  it('is asked for a key', async () => {
    const { body } = await api.as.service
      .put('/v1/merchants/m1/auto-promotion')
      .send({ enabled: true })
      .expect(400);
    expect(body.type).toBe(
      'urn:traffic-reward-ledger:problem:idempotency-key-missing',
    );
  });
});

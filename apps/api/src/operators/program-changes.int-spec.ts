import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';

const PATH = '/v1/programs';
const DAY_MS = 86_400_000;
const BASE = `program: daily
version: 1
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 1000000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 10, expiresAfterDays: 7 }] }
`;

describe('programs that operators change', () => {
  let api: ApiUnderTest;

  beforeEach(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
  });
  afterEach(() => api.close());

  async function change(
    path: string,
    body: object,
    key: string = randomUUID(),
  ) {
    const alice = await api.asNamed('operator', 'alice');
    return alice.post(`${PATH}${path}`).set('idempotency-key', key).send(body);
  }
  const publish = (text: string, key?: string) =>
    change('', { fileName: 'daily.yaml', text }, key);
  const second = (startsAtMs: number) =>
    `${BASE.replace('version: 1', 'version: 2')}startsAt: ${new Date(startsAtMs).toISOString()}\n`;
  const turn = (to: 'pause' | 'resumption', program = 'daily') =>
    change(`/${program}/${to}`, { reason: 'orders look odd' });
  const read = async () =>
    (await api.as.auditor.get(`${PATH}/daily`).expect(200)).body as object;

  it('are published once, in the name of who asked', async () => {
    const first = await publish(BASE);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      program: 'daily',
      version: 1,
      programHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      publishedAt: expect.any(String),
      publishedBy: 'alice',
      sequence: 1,
    });
    const again = await publish(`# the same in another style\n${BASE}`);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    const { rows } = await api.pool.query(
      `SELECT change, program, program_version.text, operation FROM program_change
         JOIN program_version USING (program, version, program_hash)
         JOIN api_change USING (change_id)`,
    );
    expect(rows).toEqual([
      {
        change: 'published',
        program: 'daily',
        text: BASE,
        operation: 'publishProgram',
      },
    ]);
  });

  it('are answered alike for one key', async () => {
    const key = randomUUID();
    const first = await publish(BASE, key);
    const again = await publish(BASE, key);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
  });

  it('are refused with every mistake, by line, field and what was expected', async () => {
    const wrong = BASE.replace('version: 1', 'version: one').replace(
      'metric: orders',
      'metric: sales',
    );
    const { status, body } = await publish(wrong);
    expect(status).toBe(400);
    expect(body.type).toBe('urn:traffic-reward-ledger:problem:invalid-request');
    expect(body.errors).toEqual([
      {
        field: 'text',
        message: expect.stringMatching(
          /^daily\.yaml:2:1: version: expected a whole number from 1/,
        ),
      },
      {
        field: 'text',
        message: expect.stringMatching(
          /^daily\.yaml:7:5: goals\[0\]\.metric: expected one of orders, /,
        ),
      },
    ]);
    expect(await changes()).toEqual([]);
  });

  it.each([
    [
      'other contents of a version',
      () => BASE.replace('1000000', '2000000'),
      /^daily\.yaml:2:1: version: expected another version: version 1 of "daily" is published with other contents$/,
    ],
    [
      'a version that begins in the past of another',
      () => second(Date.now() - DAY_MS),
      /^daily\.yaml:11:1: startsAt: expected a time from .+ on/,
    ],
    [
      'a version that does not say from when',
      () => BASE.replace('version: 1', 'version: 2'),
      /startsAt: expected a time with an offset, since daily version 1, as published has version 1/,
    ],
  ])('are refused where they are %s', async (_, text, message) => {
    await publish(BASE);
    const { status, body } = await publish(text());
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { field: 'text', message: expect.stringMatching(message) },
    ]);
    expect(await changes()).toHaveLength(1);
  });

  it('are paused and resumed, by whom and why, and tell how far shards have come', async () => {
    await publish(BASE);
    await publish(second(Date.now() + DAY_MS));
    const paused = await turn('pause');
    expect([paused.status, paused.body]).toEqual([
      200,
      {
        program: 'daily',
        paused: {
          since: expect.any(String),
          pausedBy: 'alice',
          reason: 'orders look odd',
        },
      },
    ]);
    const again = await turn('pause');
    expect(again.body).toEqual(paused.body);
    await follow(5, 4);
    expect(await read()).toMatchObject({
      versions: [
        { version: 1, publishedBy: 'alice', isInForce: true, budgets: [] },
        { version: 2, publishedBy: 'alice', isInForce: true, budgets: [] },
      ],
      paused: paused.body.paused,
      shardsToFollow: SHARD_COUNT - 5,
    });
    const resumed = await turn('resumption');
    expect(resumed.body).toEqual({ program: 'daily', paused: null });
    await follow(SHARD_COUNT, 5);
    expect(await read()).toMatchObject({ paused: null, shardsToFollow: 0 });
    expect(await changes()).toEqual([
      'published',
      'published',
      'paused',
      'resumed',
    ]);
  });

  it('are unknown where nobody published them', async () => {
    const { status, body } = await turn('pause', 'other');
    expect([status, body.detail]).toEqual([
      404,
      'No program other was published.',
    ]);
  });

  it('take no reason that the record cannot keep', async () => {
    await publish(BASE);
    for (const reason of ['', ' ', 'a\0b', 'half \ud800']) {
      const { status, body } = await change('/daily/pause', { reason });
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ field: 'reason' }]);
    }
  });

  async function changes(): Promise<string[]> {
    const { rows } = await api.pool.query<{ change: string }>(
      'SELECT change FROM audit.program_change ORDER BY sequence',
    );
    return rows.map((row) => row.change);
  }

  /** As the granter leaves the heads of the first shards. @param next the change that they take next */
  async function follow(shards: number, next: number): Promise<void> {
    await api.pool.query(
      `INSERT INTO shard_head (shard, journal, revision, sequence, hash, consumed, recorded_at)
       SELECT shard, 'grants', 1, 0, sha256(''), jsonb_build_object('programs', $2::int), now()
       FROM generate_series(0, $1::int - 1) AS shard
       ON CONFLICT (shard, journal) DO UPDATE SET
         revision = shard_head.revision + 1, consumed = excluded.consumed`,
      [shards, next],
    );
  }
});

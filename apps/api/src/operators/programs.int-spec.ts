import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { approve, propose } from '@app/adjustments';
import { createPool, ROLES } from '@app/ledger/postgres';
import { programHash } from '@app/programs';
import {
  PROGRAM,
  Services,
} from '../../../../libs/adjustments/test/finance.js';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';
import { DryRuns } from './dry-runs.js';

const PATH = '/v1/programs';

function daily(version: number, amount: number) {
  return {
    fileName: `daily-${version}.yaml`,
    text: `
program: daily
version: ${version}
startsAt: 2026-12-0${version}T00:00:00+08:00
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 1000000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: ${amount}, expiresAfterDays: 7 }] }
`,
  };
}

describe('/v1/programs', () => {
  let api: ApiUnderTest;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    const shard = shardOf('m1', SHARD_COUNT);
    const services = new Services(api.pool, shard, SHARD_COUNT);
    await services.earn('m1', 0);
    await services.earn('m1', 1);
  });
  afterAll(() => api.close());

  function ask(path: 'program-checks' | 'program-dry-runs', body: object) {
    return api.as.operator.post(`/v1/${path}`).send(body);
  }

  it('says what was published, with its hash, and what became of its budget', async () => {
    const finance = {
      pool: api.pool,
      shardCount: SHARD_COUNT,
      nowMs: Date.now,
    };
    const { proposalId } = await propose(finance, {
      adjustment: {
        type: 'budget',
        program: 'daily',
        unit: 'ANY_IMP',
        amount: 500n,
      },
      shard: null,
      reason: 'more',
      by: 'alice',
    });
    await approve(finance, proposalId, 'bob');
    const { body } = await api.as.operator.get(PATH).expect(200);
    expect(body.programs).toEqual([
      {
        program: 'daily',
        versions: [
          {
            version: 1,
            programHash: programHash(PROGRAM),
            publishedAt: expect.any(String),
            // Older than the record of changes.
            publishedBy: null,
            isInForce: false,
            budgets: [
              { unit: 'ANY_IMP', amount: 1_000_000 },
              { unit: 'CNY', amount: 100_000 },
            ],
          },
        ],
        paused: null,
        shardsToFollow: 0,
        funds: [
          {
            unit: 'ANY_IMP',
            budget: 1_000_500,
            granted: 2_000,
            expired: 0,
            clawedBack: 0,
            left: 998_500,
          },
          {
            unit: 'CNY',
            budget: 100_000,
            granted: 100,
            expired: 0,
            clawedBack: 0,
            left: 99_900,
          },
        ],
      },
    ]);
    const one = await api.as.auditor.get(`${PATH}/daily`).expect(200);
    expect(one.body).toEqual(body.programs[0]);
    await api.as.auditor.get(`${PATH}/other`).expect(404);
  });

  it('says every mistake of a draft where it stands', async () => {
    const files = [
      daily(2, 10),
      { fileName: 'bad.yaml', text: 'program: Bad\nversion: 0\n' },
    ];
    const { body } = await ask('program-checks', { files }).expect(200);
    expect(body.programs).toEqual([]);
    expect(body.mistakes).toContainEqual(
      expect.objectContaining({
        fileName: 'bad.yaml',
        line: 2,
        field: 'version',
      }),
    );
  });

  it('knows whether a file is what was published', async () => {
    const files = [{ ...daily(1, 10) }, daily(2, 10)];
    const { body } = await ask('program-checks', { files }).expect(200);
    expect(body).toMatchObject({
      mistakes: [],
      programs: [
        { version: 1, isAsPublished: false },
        { version: 2, isAsPublished: null, goals: 1 },
      ],
    });
  });

  it('runs a draft over recorded activity, beside another version', async () => {
    const { body } = await ask('program-dry-runs', {
      draft: daily(2, 300),
      running: daily(1, 100),
    }).expect(200);
    expect(body.activity).toMatchObject({ events: 2, merchants: 1 });
    expect(body.draft.units).toMatchObject([{ granted: 600 }]);
    expect(body.running.units).toMatchObject([{ granted: 200 }]);
    expect(body.differences.units).toMatchObject([
      { granted: 400, top: [{ merchantId: 'm1', draft: 600, running: 200 }] },
    ]);
    const later = await ask('program-dry-runs', {
      draft: daily(2, 300),
      from: '2026-11-02T00:00:00+08:00',
    }).expect(200);
    expect(later.body).toMatchObject({
      activity: { events: 1, earlierEvents: 1 },
      running: null,
    });
  });

  it('refuses a draft with a mistake, naming file, line and field', async () => {
    const draft = { fileName: 'bad.yaml', text: 'program: Bad\nversion: 0\n' };
    const { body } = await ask('program-dry-runs', { draft }).expect(400);
    expect(body.errors).toContainEqual({
      field: 'draft.text',
      message: expect.stringMatching(/^bad\.yaml:2:\d+: version: expected/),
    });
  });

  it('refuses a period that ends before it begins', async () => {
    const { body } = await ask('program-dry-runs', {
      draft: daily(2, 300),
      from: '2026-11-02T00:00:00+08:00',
      to: '2026-11-01T00:00:00+08:00',
    }).expect(400);
    expect(body.errors).toMatchObject([{ field: 'to' }]);
  });

  it('runs one draft at a time, and none for longer than it may', async () => {
    const runs = api.app.get(DryRuns);
    const { signal: stays } = new AbortController();
    const options = {
      draft: PROGRAM,
      running: null,
      span: { fromMs: -Infinity, untilMs: Infinity },
      top: 0,
    };
    const [first, second] = await Promise.allSettled([
      runs.run(options, stays),
      runs.run(options, stays),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { kind: 'too-many-dry-runs' } });
    const pool = createPool(api.databaseUrl, {
      applicationName: 'test',
      maxConnections: 1,
      role: ROLES.api,
    });
    const hasty = new DryRuns(pool, { deadlineMs: 1 });
    await expect(hasty.run(options, stays)).rejects.toMatchObject({
      kind: 'deadline-exceeded',
    });
    await hasty.onApplicationShutdown();
  });
});

import type { ActivityEvent } from '@app/contracts';
import { paid, paidTimes, refunded, timeMs } from '../../test/activity.js';
import { DryRun, type DryRunOptions } from './dry-run.js';
import { parseProgram } from '../file/program-file.js';
import type { Program } from '../program.js';

const ALWAYS = { fromMs: -Infinity, untilMs: Infinity };

const RUNNING = program({ version: 1, first: 100, third: 300 });
const DRAFT = program({ version: 2, first: 100, third: 500 });

function program({
  version,
  first,
  third,
  extra = '',
  pool = 1_000_000,
}: {
  version: number;
  first: number;
  third: number;
  extra?: string;
  pool?: number;
}): Program {
  return parseProgram(
    `
program: daily
version: ${version}
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: ${pool} }
${extra}
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: ${first}, expiresAfterDays: 7 }] }
      - { tier: third, at: 3, rewards: [{ unit: ANY_IMP, amount: ${third}, expiresAfterDays: 7 }] }
`,
    'daily.yaml',
  );
}

function dryRun(
  shards: readonly (readonly ActivityEvent[])[],
  options: Partial<DryRunOptions> = {},
) {
  const run = new DryRun({
    draft: DRAFT,
    running: null,
    span: ALWAYS,
    top: 10,
    ...options,
  });
  for (const [shard, events] of shards.entries()) {
    run.beginShard(shard, () => true);
    for (const [offset, event] of events.entries())
      run.take({
        event,
        reference: {
          topic: 'merchant.activity.v1',
          partition: shard,
          offset: String(offset),
          source: event.source,
          id: event.id,
        },
      });
    run.endShard();
  }
  return run.result();
}

const ofMerchant = (merchantId: string, events: ActivityEvent[]) =>
  events.map((event) => ({ ...event, merchantId }) as ActivityEvent);

const THREE = paidTimes(3, '2026-11-01T12:00');

describe('a dry run', () => {
  it('says what a draft would have granted, and to whom', () => {
    const { activity, draft, running, differences } = dryRun([
      [...ofMerchant('a', THREE), ...ofMerchant('b', THREE.slice(0, 1))],
      ofMerchant('c', THREE),
    ]);
    expect(activity).toMatchObject({ events: 7, merchants: 3 });
    expect(draft).toMatchObject({
      program: 'daily',
      version: 2,
      merchants: { eligible: 3, reached: 3 },
      lateEvents: 0,
      units: [
        {
          unit: 'ANY_IMP',
          pool: 1_000_000n,
          granted: 1_300n,
          takenBack: 0n,
          net: 1_300n,
          spread: { merchants: 3, p50: 600n, max: 600n },
          top: [
            { merchantId: 'a', amount: 600n },
            { merchantId: 'c', amount: 600n },
            { merchantId: 'b', amount: 100n },
          ],
        },
      ],
      goals: [
        {
          goal: 'orders',
          tiers: [
            { tier: 'first', unit: 'ANY_IMP', grants: 3, granted: 300n },
            { tier: 'third', unit: 'ANY_IMP', grants: 2, granted: 1_000n },
          ],
          takenBack: [],
        },
      ],
    });
    expect(running).toBeNull();
    expect(differences).toBeNull();
  });

  it('puts it beside the running version', () => {
    const { differences } = dryRun(
      [[...ofMerchant('a', THREE), ...ofMerchant('b', THREE.slice(0, 1))]],
      { running: RUNNING, top: 5 },
    );
    expect(differences).toMatchObject({
      merchants: { eligible: 0, reached: 0 },
      units: [
        {
          unit: 'ANY_IMP',
          granted: 200n,
          net: 200n,
          merchants: { more: 1, less: 0, same: 1 },
          top: [{ merchantId: 'a', draft: 600n, running: 400n }],
        },
      ],
      tiers: [
        { tier: 'first', grants: 0, granted: 0n },
        { tier: 'third', grants: 0, granted: 200n },
      ],
    });
  });

  it('tells tiers that the running version alone has', () => {
    const draft = parseProgram(
      `
program: daily
version: 2
title: { zh: 每日, en: Daily }
pools: { VIDEO_IMP: 1000 }
goals:
  - goal: sales
    metric: gmvMinor
    period: day
    every: { count: 2, rewards: [{ unit: VIDEO_IMP, amount: 5, expiresAfterDays: 7 }] }
`,
      'daily.yaml',
    );
    const { differences } = dryRun([THREE], { draft, running: RUNNING });
    expect(differences).toMatchObject({
      units: [
        { unit: 'VIDEO_IMP', pool: 1_000n, granted: 5n },
        { unit: 'ANY_IMP', pool: -1_000_000n, granted: -400n },
      ],
      tiers: [
        { goal: 'sales', tier: 'every', grants: 1, granted: 5n },
        { goal: 'orders', tier: 'first', grants: -1, granted: -100n },
        { goal: 'orders', tier: 'third', grants: -1, granted: -300n },
      ],
    });
  });

  it('sums what refunds take back', () => {
    const draft = program({
      version: 2,
      first: 100,
      third: 500,
      extra: 'takeBack: { refunds: difference }',
    });
    const [first] = THREE as [ActivityEvent];
    const { orderId } = first.data as { orderId: string };
    const refund = refunded(orderId, '2026-11-03T12:00', 1);
    const result = dryRun([[...THREE, refund]], { draft });
    expect(result.draft).toMatchObject({
      units: [
        { granted: 600n, takenBack: 500n, net: 100n, spread: { max: 100n } },
      ],
      goals: [{ takenBack: [{ unit: 'ANY_IMP', times: 1, amount: 500n }] }],
    });
  });

  it('says what a dry pool and caps left unpaid', () => {
    const draft = program({
      version: 2,
      first: 100,
      third: 500,
      pool: 650,
      extra: 'caps: [{ unit: ANY_IMP, amount: 550, period: day }]',
    });
    const { draft: report } = dryRun(
      [ofMerchant('a', THREE), ofMerchant('b', THREE)],
      { draft },
    );
    // a: 100, and 450 of 500; b: 100, and nothing is left for its 500.
    expect(report.units[0]).toMatchObject({
      granted: 650n,
      unpaid: {
        capped: { rewards: 1, amount: 50n },
        poolDry: { rewards: 1, amount: 500n },
      },
    });
  });

  it('is without a grace closed to what is forgotten, where it comes late', () => {
    const [early] = paidTimes(1, '2026-09-30T12:00');
    const keptFromMs = timeMs('2026-10-01T08:00');
    const late = [[...THREE, early!]];
    expect(dryRun(late).draft.lateEvents).toBe(0);
    expect(dryRun(late, { keptFromMs }).draft.lateEvents).toBe(1);
    const inTime = [[early!, ...THREE]];
    expect(dryRun(inTime, { keptFromMs }).draft.lateEvents).toBe(0);
  });

  it('counts what is late by the clock of the events', () => {
    const draft = program({
      version: 2,
      first: 100,
      third: 500,
      extra: 'graceHours: 1',
    });
    const nextDay = paid('next', '2026-11-02T02:00', 1);
    const result = dryRun([[nextDay, ...THREE]], { draft });
    expect(result.draft).toMatchObject({
      lateEvents: 3,
      units: [{ granted: 100n }],
      goals: [{ goal: 'orders', lateEvents: 3 }],
    });
  });

  it('lets the clock go on until all has settled', () => {
    const draft = parseProgram(
      `
program: daily
version: 2
title: { zh: 每日, en: Daily }
pools: { CNY: 1000 }
goals:
  - goal: rebate
    metric: gmvMinor
    period: month
    settlesAfterDays: 15
    rate: { basisPoints: 5000, unit: CNY }
`,
      'daily.yaml',
    );
    const { draft: report } = dryRun([[paid('o', '2026-11-03T12:00', 200)]], {
      draft,
    });
    expect(report.goals[0]!.tiers).toEqual([
      { tier: 'rate', unit: 'CNY', grants: 1, granted: 100n },
    ]);
  });

  it('spends a pool in the order in which goals settle', () => {
    const draft = parseProgram(
      `
program: daily
version: 2
title: { zh: 每日, en: Daily }
pools: { CNY: 100 }
goals:
  - goal: rebate
    metric: gmvMinor
    period: day
    settlesAfterDays: 1
    rate: { basisPoints: 10000, unit: CNY }
`,
      'daily.yaml',
    );
    const { draft: report } = dryRun(
      [
        [
          ...ofMerchant('z', [paid('1', '2026-11-01T12:00', 100)]),
          ...ofMerchant('a', [paid('2', '2026-11-02T12:00', 100)]),
          ...ofMerchant('b', [paid('3', '2026-12-01T12:00', 100)]),
        ],
      ],
      { draft },
    );
    expect(report.units[0]!.top).toEqual([{ merchantId: 'z', amount: 100n }]);
  });

  describe('over a span', () => {
    const span = {
      fromMs: timeMs('2026-11-01T12:01'),
      untilMs: timeMs('2026-11-01T12:03'),
    };

    it('counts from its first instant up to, not including, its last', () => {
      const { activity, draft } = dryRun([paidTimes(5, '2026-11-01T12:00')], {
        span,
      });
      expect(activity).toEqual({
        events: 2,
        merchants: 1,
        firstMs: timeMs('2026-11-01T12:01'),
        lastMs: timeMs('2026-11-01T12:02'),
        earlierEvents: 1,
      });
      expect(draft.units[0]).toMatchObject({ granted: 100n });
    });

    it('knows from what was before who merchants are', () => {
      const first = parseProgram(
        `
program: first
version: 1
title: { zh: 首单, en: First }
pools: { ANY_IMP: 1000 }
goals:
  - goal: sale
    metric: firstSale
    period: day
    tiers: [{ tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 7, expiresAfterDays: 7 }] }]
`,
        'first.yaml',
      );
      const events = [
        ...ofMerchant('old', paidTimes(3, '2026-11-01T12:00')),
        ...ofMerchant('new', paidTimes(3, '2026-11-01T12:01')),
      ];
      const { draft } = dryRun([events], { draft: first, span });
      expect(draft.units[0]!.top).toEqual([{ merchantId: 'new', amount: 7n }]);
    });

    it('says where nothing happened', () => {
      const { activity, draft } = dryRun([THREE], {
        span: { fromMs: timeMs('2027-01-01'), untilMs: Infinity },
      });
      expect(activity).toMatchObject({ events: 0, firstMs: null });
      expect(draft.units[0]).toMatchObject({ granted: 0n });
    });
  });

  it('runs a version that is yet to hold as if it held', () => {
    const draft = { ...DRAFT, startsAtMs: timeMs('2030-01-01') };
    expect(dryRun([THREE], { draft }).draft.units[0]).toMatchObject({
      granted: 600n,
    });
  });

  it('tells apart who is active, eligible and reached', () => {
    const draft = program({
      version: 2,
      first: 100,
      third: 500,
      extra: 'eligible: merchant.isRegistered',
    });
    const registered: ActivityEvent = {
      source: '/merchants',
      id: 'r',
      type: 'merchant.registered',
      merchantId: 'b',
      occurredAtMs: timeMs('2026-10-01T12:00'),
      data: { category: 'flowers', followers: 0 },
    };
    const { activity, draft: report } = dryRun(
      [
        [
          registered,
          { ...registered, id: 'r2', merchantId: 'c' },
          ...ofMerchant('a', THREE),
          ...ofMerchant('b', THREE),
        ],
      ],
      { draft },
    );
    expect(activity.merchants).toBe(3);
    expect(report.merchants).toEqual({ eligible: 2, reached: 1 });
  });
});

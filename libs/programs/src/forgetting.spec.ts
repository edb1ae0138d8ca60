import { timeMs } from '../test/activity.js';
import { SHIPPED_FILES, shippedProgram } from '../test/programs.js';
import { pastPeriods } from './forgetting.js';
import { parseProgram } from './file/program-file.js';
import { ProgramSet } from './published/program-set.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The longest stream. */
const MONTH_MS = 31 * DAY_MS;
const BEFORE_MS = timeMs('2024-10-01T00:00');

function past(period: string, extra = '', metric = 'orders') {
  return pastPeriods(
    new ProgramSet([version(period, extra, { metric })]),
    BEFORE_MS,
  );
}

function version(
  period: string,
  extra = '',
  { version: number = 1, metric = 'orders' } = {},
) {
  return parseProgram(
    `
program: p
version: ${number}
title: { zh: 例, en: Example }
pools: { ANY_IMP: 1000 }
${extra}
goals:
  - goal: orders
    metric: ${metric}
    period: ${period}
    tiers: [{ tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 1, expiresAfterDays: 7 }] }]
`,
    'p.yaml',
  );
}

const YEAR =
  'window: { from: "2024-01-01T00:00:00+08:00", until: "2025-01-01T00:00:00+08:00" }';

describe('pastPeriods', () => {
  it('ends with the day ahead, and closes when its grace is over', () => {
    expect(past('day', 'graceHours: 24')).toEqual([
      {
        program: 'p',
        goal: 'orders',
        lineage: 'p',
        kind: 'day',
        endMs: BEFORE_MS,
        closesAtMs: timeMs('2024-10-02T00:00'),
        isOnce: false,
        isBesideFirsts: false,
      },
    ]);
  });

  it('takes a period whole that goes on behind', () => {
    expect(past('week', 'graceHours: 0')).toMatchObject([
      { endMs: timeMs('2024-10-07T00:00') },
    ]);
    expect(past('window', `${YEAR}\ngraceHours: 0`)).toMatchObject([
      { closesAtMs: timeMs('2025-01-01T00:00') },
    ]);
  });

  it('closes when it has settled, whenever its grace is over', () => {
    const extra = `${YEAR}\ngraceHours: 1`;
    expect(
      past('window', extra, 'orders\n    settlesAfterDays: 60'),
    ).toMatchObject([
      {
        endMs: timeMs('2025-01-01T00:00'),
        closesAtMs: timeMs('2025-03-02T00:00'),
      },
    ]);
  });

  it('closes where it ends if no grace is named, and never if it does not end', () => {
    expect(past('day')).toMatchObject([{ closesAtMs: BEFORE_MS }]);
    expect(past('window', YEAR)).toMatchObject([
      { closesAtMs: timeMs('2025-01-01T00:00') },
    ]);
    for (const extra of ['', 'graceHours: 1'])
      expect(past('lifetime', extra)).toMatchObject([{ closesAtMs: Infinity }]);
  });

  it('ends without a window a month after the last that may happen in a session', () => {
    // Of one that began just ahead, and went on for a month.
    const endMs = BEFORE_MS - 1 + 2 * MONTH_MS;
    expect(past('session')).toMatchObject([{ endMs, closesAtMs: endMs }]);
    expect(past('session', 'graceHours: 1')).toMatchObject([
      { endMs, closesAtMs: endMs + HOUR_MS },
    ]);
  });

  it('of what happens once is told apart, and over a lifetime it is none', () => {
    expect(past('lifetime', '', 'firstStream')).toEqual([]);
    expect(past('lifetime', YEAR, 'firstSale')).toEqual([]);
    expect(past('week', '', 'firstSale')).toMatchObject([{ isOnce: true }]);
  });

  it('is that of all versions that go on with its progress', () => {
    const second = 'startsAt: 2024-10-03T00:00:00+08:00';
    const both = (period: string, [one, two]: [string, string]) =>
      pastPeriods(
        new ProgramSet([
          version(period, one),
          version(period, two, { version: 2 }),
        ]),
        BEFORE_MS,
      ).map(({ endMs }) => endMs);
    // The second one goes on with a week in which the first has counted, but not with a day.
    const week = timeMs('2024-10-07T00:00');
    expect(both('week', ['', second])).toEqual([week, week]);
    expect(both('day', ['', second])).toEqual([BEFORE_MS, BEFORE_MS]);
    const next =
      'window: { from: 2025-06-01T00:00:00+08:00, until: 2026-01-01T00:00:00+08:00 }';
    const end = timeMs('2026-01-01T00:00');
    expect(both('lifetime', [YEAR, `${second}\n${next}`])).toEqual([end, end]);
  });

  it('closes in all shipped programs, long after their windows', () => {
    const shipped = SHIPPED_FILES.map(({ fileName }) =>
      shippedProgram(fileName.replace('.yaml', '')),
    );
    const beforeMs = timeMs('2028-06-01T00:00');
    const periods = pastPeriods(new ProgramSet(shipped), beforeMs);
    expect(new Set(periods.map(({ program }) => program)).size).toBe(
      // All but the one that counts nothing but first streams.
      SHIPPED_FILES.length - 1,
    );
    const nowMs = beforeMs + 400 * DAY_MS;
    expect(periods.filter(({ closesAtMs }) => closesAtMs > nowMs)).toEqual([]);
  });

  it('closes sessions with the window', () => {
    expect(past('session', `${YEAR}\ngraceHours: 1`)).toMatchObject([
      { closesAtMs: timeMs('2025-01-01T01:00') },
    ]);
  });

  it('is none where nothing was counted yet', () => {
    const later =
      'window: { from: "2024-10-01T00:00:00+08:00", until: "2025-01-01T00:00:00+08:00" }';
    expect(past('day', later)).toEqual([]);
  });

  it('ends with the last stage that had begun', () => {
    const stages = `${YEAR}
graceHours: 0
stages:
  - { stage: one, from: "2024-02-01T00:00:00+08:00", until: "2024-03-01T00:00:00+08:00" }
  - { stage: two, from: "2024-11-01T00:00:00+08:00", until: "2024-12-01T00:00:00+08:00" }`;
    expect(past('stage', stages)).toMatchObject([
      { endMs: timeMs('2024-03-01T00:00') },
    ]);
  });
});

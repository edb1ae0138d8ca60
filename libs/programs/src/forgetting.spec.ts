import { timeMs } from '../test/activity.js';
import { pastPeriods } from './forgetting.js';
import { parseProgram } from './file/program-file.js';
import { ProgramSet } from './published/program-set.js';

const BEFORE_MS = timeMs('2024-10-01T00:00');

function past(period: string, extra = '') {
  const program = parseProgram(
    `
program: p
version: 1
title: { zh: 例, en: Example }
pools: { ANY_IMP: 1000 }
${extra}
goals:
  - goal: orders
    metric: orders
    period: ${period}
    tiers: [{ tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 1, expiresAfterDays: 7 }] }]
`,
    'p.yaml',
  );
  return pastPeriods(new ProgramSet([program]), BEFORE_MS);
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

  it('never closes where no grace is named, or a period does not end', () => {
    for (const [period, extra] of [
      ['day', ''],
      ['session', 'graceHours: 1'],
      ['lifetime', 'graceHours: 1'],
    ] as const)
      expect(past(period, extra)).toMatchObject([{ closesAtMs: Infinity }]);
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

import { readdirSync, readFileSync } from 'node:fs';
import { parseProgram } from '../src/file/program-file.js';
import type { Program } from '../src/program.js';

const DIRECTORY = new URL('../../../programs/', import.meta.url);

/** The platform's own programs, as they are published. */
export const SHIPPED_FILES = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((fileName) => ({
    fileName,
    text: readFileSync(new URL(fileName, DIRECTORY), 'utf8'),
  }));

/** @param name of the program and, without `.yaml`, its file */
export function shippedProgram(name: string): Program {
  const fileName = `${name}.yaml`;
  return parseProgram(
    readFileSync(new URL(fileName, DIRECTORY), 'utf8'),
    fileName,
  );
}

export const ORDER_LADDER = shippedProgram('order-ladder');

/** A file's contents with one goal: one order a day pays 100 `ANY_IMP`. */
export const SMALL_FILE = {
  program: 'small',
  version: 1,
  title: { zh: '小', en: 'Small' },
  pools: { ANY_IMP: 1_000 },
  goals: [
    {
      goal: 'daily-orders',
      metric: 'orders',
      period: 'day',
      tiers: [
        {
          tier: 'first',
          at: 1,
          rewards: [{ unit: 'ANY_IMP', amount: 100, expiresAfterDays: 7 }],
        },
      ],
    },
  ],
};

/** {@link SMALL_FILE} with other fields. */
export function smallProgram(changes: object = {}): Program {
  // All JSON is YAML.
  return parseProgram(JSON.stringify({ ...SMALL_FILE, ...changes }), 'small');
}

/** {@link smallProgram} with other fields in its goal. */
export function smallGoal(changes: object, others: object = {}): Program {
  return smallProgram({
    ...others,
    goals: [{ ...SMALL_FILE.goals[0], ...changes }],
  });
}

/** A file with a window, two pools and two tiers. */
export const FESTIVAL_FILE = `program: festival
version: 3
title:
  zh: 双十一
  en: Double 11
window:
  from: 2024-11-01T00:00:00+08:00
  until: 2024-11-12T00:00:00+08:00
pools:
  LIVE_IMP: 1000
  CNY: 5
goals:
  - goal: sales
    metric: gmvMinor
    period: window
    tiers:
      - tier: low
        at: 100
        rewards: [{ unit: LIVE_IMP, amount: 10, expiresAfterDays: 30 }]
      - tier: high
        at: 200
        rewards: [{ unit: CNY, amount: 1, expiresAfterDays: 1 }]
`;

/** A file with everything that {@link FESTIVAL_FILE} leaves out. */
export const SEASON_FILE = `program: season
version: 2
title: { zh: 季, en: Season }
window: { from: 2026-10-01T00:00:00+08:00, until: 2026-12-01T00:00:00+08:00 }
stages:
  - { stage: warm-up, from: 2026-10-01T00:00:00+08:00, until: 2026-10-20T00:00:00+08:00 }
  - { stage: double-11, from: 2026-10-20T00:00:00+08:00, until: 2026-11-12T00:00:00+08:00 }
startsAt: 2026-10-05T00:00:00+08:00
progress: startsAnew
eligible: merchant.followers < 1000
graceHours: 36
takeBack: { refunds: difference, flags: all, flaggedFrom: start }
pools: { LIVE_IMP: 1000000, CNY: 50000000 }
caps:
  - { unit: CNY, amount: 20000, period: month }
goals:
  - goal: days
    metric: liveDays
    secondsADay: 3600
    period: stage
    highestTier:
      - tier: three
        at: 3
        rewards:
          - { unit: LIVE_IMP, draw: { from: 10, to: 99 }, expiresAt: 2027-01-01T00:00:00+08:00 }
          - { unit: LIVE_IMP, poolShare: { partsPerMillion: 10 }, expiresAfterDays: 7 }
  - goal: followers
    metric: followers
    channels: [live]
    period: session
    every:
      count: 10
      times: 5
      rewards: [{ unit: LIVE_IMP, amount: 100, expiresAfterDays: 7 }]
  - goal: rebate
    metric: gmvMinor
    period: window
    settlesAfterDays: 15
    rate: { basisPoints: 50, unit: CNY, atMost: 100000 }
`;

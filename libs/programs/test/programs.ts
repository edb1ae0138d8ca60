import { readFileSync } from 'node:fs';
import { parseProgram, type Program } from '../src/index.js';

/** The platform's own program, as it is published. */
export const ORDER_LADDER: Program = parseProgram(
  readFileSync(
    new URL('../../../programs/order-ladder.yaml', import.meta.url),
    'utf8',
  ),
  'order-ladder.yaml',
);

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

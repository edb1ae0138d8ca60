import { createHash } from 'node:crypto';
import { ORDER_LADDER, SMALL_FILE, smallProgram } from '../test/programs.js';
import { parseProgram } from './file/program-file.js';
import { programHash } from './program.js';

describe('programHash', () => {
  it('is SHA-256 over the canonical JSON of what the file says', () => {
    const canonical =
      '{"goals":[{"goal":"daily-orders","metric":"orders","period":"day","tiers":[' +
      '{"at":1,"rewards":[{"amount":100,"expiresAfterDays":7,"unit":"ANY_IMP"}],"tier":"first"}]}],' +
      '"pools":{"ANY_IMP":1000},"program":"small","title":{"en":"Small","zh":"小"},"version":1}';
    const hash = createHash('sha256').update(canonical).digest('hex');
    expect(programHash(smallProgram())).toBe(hash);
  });

  it('is what an auditor computes from programs/order-ladder.yaml with other tools', () => {
    expect(ORDER_LADDER.version).toBe(1);
    expect(programHash(ORDER_LADDER)).toBe(
      '70eb17e32efe5a52deb2010d2d0dfb154e314da2ce6f4bd92b125de8b02ba520',
    );
  });

  it('is the same whatever the order of the fields, the comments and the style', () => {
    const yaml = `
# The same in other words.
goals:
  - tiers:
      - rewards:
          - { expiresAfterDays: 7, amount: 100, unit: "ANY_IMP" }
        at: 1
        tier: 'first'
    period: day # by the calendar
    metric: orders
    goal: daily-orders
pools: { ANY_IMP: 1000 }
title: { en: Small, zh: 小 }
version: 1
program: small
`;
    expect(programHash(parseProgram(yaml, 'p.yaml'))).toBe(
      programHash(smallProgram()),
    );
  });

  it.each([
    { version: 2 },
    { title: { zh: '小', en: 'small' } },
    { pools: { ANY_IMP: 1_001 } },
    { timeZone: 'Asia/Shanghai' },
    { goals: [...SMALL_FILE.goals, { ...SMALL_FILE.goals[0], goal: 'b' }] },
  ])('is another where the file says something else (%#)', (changes) => {
    expect(programHash(smallProgram(changes))).not.toBe(
      programHash(smallProgram()),
    );
  });
});

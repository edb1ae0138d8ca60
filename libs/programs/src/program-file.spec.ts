import { FESTIVAL_FILE, SMALL_FILE, smallProgram } from '../test/programs.js';
import { ProgramFileError } from './program-document.js';
import { parseProgram, parsePrograms } from './program-file.js';

describe('parseProgram', () => {
  it('reads a program as its file states it', () => {
    const channels = ['live', 'short_video', 'shelf'];
    expect(parseProgram(FESTIVAL_FILE, 'p.yaml')).toMatchObject({
      program: 'festival',
      version: 3,
      title: { zh: '双十一', en: 'Double 11' },
      timeZone: 'Asia/Shanghai',
      window: {
        fromMs: Date.parse('2024-10-31T16:00:00Z'),
        untilMs: Date.parse('2024-11-11T16:00:00Z'),
      },
      pools: { LIVE_IMP: 1_000n, CNY: 5n },
      goals: [
        {
          goal: 'sales',
          metric: 'gmvMinor',
          channels,
          period: 'window',
          tiers: [
            {
              tier: 'low',
              at: 100n,
              rewards: [
                { unit: 'LIVE_IMP', amount: 10n, expiresAfterDays: 30 },
              ],
            },
            {
              tier: 'high',
              at: 200n,
              rewards: [{ unit: 'CNY', amount: 1n, expiresAfterDays: null }],
            },
          ],
        },
      ],
    });
  });

  it('counts always where there is no window', () => {
    expect(smallProgram().window).toBeNull();
  });

  it('gives what nobody can change', () => {
    const { goals } = parseProgram(FESTIVAL_FILE, 'p.yaml');
    const reward = goals[0]!.tiers[0]!.rewards[0]!;
    expect(() => Object.assign(reward, { amount: 9n })).toThrow(TypeError);
  });
});

describe('parsePrograms', () => {
  const small = JSON.stringify(SMALL_FILE);

  it('reads files in their order', () => {
    const files = [
      { fileName: 'b.yaml', text: FESTIVAL_FILE },
      { fileName: 'a.yaml', text: small },
    ];
    const names = parsePrograms(files).map(({ program }) => program);
    expect(names).toEqual(['festival', 'small']);
  });

  it('names the mistakes of all files, and a program that two files have', () => {
    const files = [
      { fileName: 'a.yaml', text: small },
      { fileName: 'b.yaml', text: FESTIVAL_FILE.replace('3', 'x') },
      { fileName: 'c.yaml', text: small },
    ];
    expect(() => parsePrograms(files)).toThrow(
      new ProgramFileError([
        {
          fileName: 'b.yaml',
          line: 2,
          column: 1,
          field: 'version',
          expected: 'expected a whole number from 1 to 9007199254740991',
        },
        {
          fileName: 'c.yaml',
          line: 1,
          column: 2,
          field: 'program',
          expected: 'expected another name: a.yaml has "small"',
        },
      ]),
    );
  });
});

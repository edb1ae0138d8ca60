import fc from 'fast-check';
import { ProgramFileError } from './program-document.js';
import { parseProgram } from './program-file.js';

function mistakesIn(text: string) {
  try {
    parseProgram(text, 'p.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(ProgramFileError);
    return (error as ProgramFileError).mistakes;
  }
  throw new Error('a program without mistakes');
}

/** Nine aliases a level: nine levels are 387 million items. */
function bombOf(level: (below: string) => string): string {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const below = Array(9).fill(`*level${i}`).join(', ');
    return `level${i + 1}: &level${i + 1} ${level(below)}`;
  });
  return ['level0: &level0 { x: 1 }', ...levels].join('\n');
}

const PIECES_OF_YAML = [
  ...'program: a,goals:,- goal: x,   tiers:,*a,&a,{,[,],}'.split(','),
  ...': , - ,\n,",|,? ,!!set ,1, '.split(','),
];

describe('a file that is no YAML', () => {
  it.each([
    ['an open bracket', 'program: [a\nversion: 1\n', 2, 1],
    ['a key twice', 'program: a\nversion: 1\nversion: 2\n', 3, 1],
    ['a tab', 'title:\n\tzh: a\n', 2, 1],
    ['two documents', 'program: a\n---\nprogram: b\n', 2, 1],
    ['an unknown tag', 'program: !name a\n', 1, 10],
    ['a list as a key', 'program: a\n? [b]\n: c\n', 2, 3],
    ['an alias of nothing', 'program: a\ntimeZone: *zone\n', 2, 11],
    ['a bomb of aliases', bombOf((below) => `[${below}]`), 1, 1],
    ['a bomb of merges', bombOf((below) => `{ <<: [${below}] }`), 1, 1],
  ])('is told where: %s', (_, text, line, column) => {
    expect(mistakesIn(text)).toEqual([
      {
        fileName: 'p.yaml',
        line,
        column,
        field: 'yaml',
        expected: expect.any(String),
      },
    ]);
  });

  it('is told of every place', () => {
    const text = 'a: 1\na: 2\nb: 1\nb: 2\n';
    expect(mistakesIn(text).map(({ line }) => line)).toEqual([2, 4]);
  });
});

describe('a file that is YAML and no program', () => {
  it.each(['', '# nothing\n', '- a\n', 'a text', '42', '\u0000'])(
    'is asked for the fields of one: %j',
    (text) => {
      expect(mistakesIn(text)).toEqual([
        {
          fileName: 'p.yaml',
          line: 1,
          column: 1,
          field: 'file',
          expected:
            'expected the fields program, version, title, timeZone, window, stages, startsAt, progress, eligible, graceHours, takeBack, pools, caps, goals',
        },
      ]);
    },
  );

  it.each(['__proto__', 'constructor', '<<'])(
    'may not have a field %s',
    (field) => {
      const found = mistakesIn(`program: a\n${field}: { x: 1 }\n`);
      expect(found).toContainEqual({
        fileName: 'p.yaml',
        line: 2,
        column: 1,
        field,
        expected: expect.stringMatching(/^expected no such field, only/),
      });
    },
  );

  it('never fails in another way, and always says a line', () => {
    const words = fc.constantFrom(...PIECES_OF_YAML);
    const texts = fc.oneof(
      fc.array(words).map((list) => list.join('')),
      fc.json(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const mistakes = mistakesIn(text);
        expect(mistakes.length).toBeGreaterThan(0);
        for (const { line, column, field } of mistakes) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(field).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });
});

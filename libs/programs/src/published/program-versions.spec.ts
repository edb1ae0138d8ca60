import { smallProgram, SMALL_FILE } from '../../test/programs.js';
import { ProgramFileError } from '../file/program-document.js';
import { parsePrograms } from '../file/program-file.js';
import { versionsInOrder } from './program-versions.js';

const OCTOBER = '2026-10-01T00:00:00+08:00';
const NOVEMBER = '2026-11-01T00:00:00+08:00';

/** What is wrong with files that hold these versions of one program. */
function mistakesOf(
  ...files: ({ version: number } & Record<string, unknown>)[]
) {
  try {
    parsePrograms(
      files.map((changes, i) => ({
        fileName: `${'abc'[i]!}.yaml`,
        text: JSON.stringify({ ...SMALL_FILE, ...changes }),
      })),
    );
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ProgramFileError);
    return (error as ProgramFileError).mistakes.map(
      ({ fileName, field, expected }) => `${fileName}: ${field}: ${expected}`,
    );
  }
}

describe('versions of a program in one directory', () => {
  it('may be one, whatever its number, that holds ever since', () => {
    expect(mistakesOf({ version: 7 })).toEqual([]);
  });

  it('hold one after the other, whatever the order of the files', () => {
    expect(
      mistakesOf(
        { version: 3, startsAt: NOVEMBER },
        { version: 1 },
        { version: 2, startsAt: OCTOBER },
      ),
    ).toEqual([]);
  });

  it('are different ones', () => {
    expect(mistakesOf({ version: 1 }, { version: 1 })).toEqual([
      'b.yaml: version: expected another version: a.yaml has version 1 of "small"',
    ]);
  });

  it('say when they take the place of the one before', () => {
    expect(mistakesOf({ version: 2 }, { version: 1 })).toEqual([
      'a.yaml: startsAt: expected a time with an offset, since b.yaml has version 1 of "small"; it is missing',
    ]);
  });

  it.each([OCTOBER, '2026-09-30T16:00:00Z'])(
    'do not start before the one before, or with it: %s',
    (startsAt) => {
      expect(
        mistakesOf({ version: 1, startsAt: OCTOBER }, { version: 2, startsAt }),
      ).toEqual([
        'b.yaml: startsAt: expected a later time: a.yaml has version 1 of "small", from 2026-09-30T16:00:00.000Z',
      ]);
    },
  );
});

describe('versions that carry over', () => {
  const daily = SMALL_FILE.goals[0]!;
  const settling = { ...daily, settlesAfterDays: 1 };
  const first = { version: 1 };
  const second = { version: 2, startsAt: OCTOBER };
  const third = { version: 3, startsAt: NOVEMBER };
  const NOT_AT_ONCE =
    'goals[0].settlesAfterDays: expected a whole number from 0 to 366, or progress: startsAnew, since a.yaml has version 1 of "small", where daily-orders settles; it is missing';

  it('do not pay at once what settled in the one before', () => {
    expect(
      mistakesOf(
        { ...first, goals: [settling] },
        { ...second, goals: [daily] },
      ),
    ).toEqual([`b.yaml: ${NOT_AT_ONCE}`]);
  });

  it('do not settle what was paid at once in the one before', () => {
    expect(
      mistakesOf(
        { ...first, goals: [daily] },
        { ...second, goals: [{ ...daily, goal: 'other' }, settling] },
      ),
    ).toEqual([
      'b.yaml: goals[1].settlesAfterDays: expected no such field, or progress: startsAnew, since a.yaml has version 1 of "small", where daily-orders pays at once',
    ]);
  });

  it('keep to it over versions between them that lack the goal', () => {
    expect(
      mistakesOf(
        { ...first, goals: [settling] },
        { ...second, goals: [{ ...daily, goal: 'other' }] },
        { ...third, goals: [daily] },
      ),
    ).toEqual([`c.yaml: ${NOT_AT_ONCE}`]);
  });

  it.each([
    ['after other days', { goals: [{ ...settling, settlesAfterDays: 9 }] }],
    ['over other periods', { goals: [{ ...daily, period: 'week' }] }],
    ['under another name', { goals: [{ ...daily, goal: 'other' }] }],
    ['anew', { goals: [daily], progress: 'startsAnew' }],
  ])('may settle, or pay, %s', (_, changes) => {
    expect(
      mistakesOf({ ...first, goals: [settling] }, { ...second, ...changes }),
    ).toEqual([]);
  });

  it('are held to those since the last that started anew', () => {
    expect(
      mistakesOf(
        { ...first, goals: [settling] },
        { ...second, goals: [daily], progress: 'startsAnew' },
        { ...third, goals: [daily] },
      ),
    ).toEqual([]);
  });
});

describe('versionsInOrder', () => {
  it('gives the versions of each program, the earliest first', () => {
    const [one, two, ten, other] = [
      smallProgram(),
      smallProgram({ version: 2 }),
      smallProgram({ version: 10 }),
      smallProgram({ program: 'other' }),
    ];
    expect(versionsInOrder([ten!, other!, one!, two!])).toEqual(
      new Map([
        ['small', [one, two, ten]],
        ['other', [other]],
      ]),
    );
  });
});

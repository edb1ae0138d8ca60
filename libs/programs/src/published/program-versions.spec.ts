import { smallProgram, SMALL_FILE } from '../../test/programs.js';
import { ProgramFileError } from '../file/program-document.js';
import { parsePrograms } from '../file/program-file.js';
import { versionsInOrder } from './program-versions.js';

const OCTOBER = '2026-10-01T00:00:00+08:00';
const NOVEMBER = '2026-11-01T00:00:00+08:00';

/** What is wrong with files that hold these versions of one program. */
function mistakesOf(...files: { version: number; startsAt?: string }[]) {
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

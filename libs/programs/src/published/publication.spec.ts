import {
  recorded,
  smallFile,
  versionChange,
} from '../../test/program-changes.js';
import { SMALL_FILE } from '../../test/programs.js';
import { programsAfter, programSetOf } from './program-changes.js';
import type {
  FileMistake,
  ProgramFileError,
} from '../file/program-document.js';
import {
  directoryChanges,
  publicationOf,
  VersionChangedError,
} from './publication.js';

const NOW_MS = Date.parse('2026-11-11T00:00:00Z');
const BEFORE = '2026-11-10T23:59:59.999Z';
const SINCE = '2026-11-11T00:00:00Z';

const first = smallFile();
const second = smallFile({ version: 2, startsAt: SINCE });
const other = smallFile({ pools: { ANY_IMP: 999 } });

function mistakesOf(publish: () => unknown): readonly FileMistake[] {
  try {
    publish();
  } catch (error) {
    return (error as ProgramFileError).mistakes;
  }
  return [];
}

describe('publishing a program', () => {
  const publish = (
    file: typeof first,
    changes = recorded([]),
    known: Parameters<typeof publicationOf>[2] = [],
  ) => publicationOf(file, changes, known, NOW_MS).change;

  it('is a change where there was no such version', () => {
    expect(publish(first)).toEqual(versionChange(first));
  });

  it('changes nothing where that very content holds, in whatever style', () => {
    const changes = recorded([versionChange(first)]);
    const restyled = { ...first, text: `# again\n${first.text}` };
    expect(publish(restyled, changes)).toBeNull();
  });

  it('is one again where it was withdrawn', () => {
    const changes = recorded([
      versionChange(first),
      versionChange(first, 'withdrawn'),
    ]);
    expect(publish(first, changes)).toEqual(versionChange(first));
  });

  it.each([
    ['holds', recorded([versionChange(first)]), []],
    [
      'was withdrawn',
      recorded([versionChange(first), versionChange(first, 'withdrawn')]),
      [],
    ],
    ['is in the ledger alone', recorded([]), [versionChange(first)]],
  ])('refuses other contents of a version that %s', (_, changes, known) => {
    expect(mistakesOf(() => publish(other, changes, known))).toEqual([
      {
        fileName: 'small.yaml',
        line: 3,
        column: 2,
        field: 'version',
        expected:
          'expected another version: version 1 of "small" is published with other contents',
      },
    ]);
  });

  it('takes a version that begins now or later in the place of another', () => {
    const changes = recorded([versionChange(first)]);
    expect(publish(second, changes)).toEqual(versionChange(second));
  });

  it.each([
    [
      'in the past',
      BEFORE,
      /^expected a time from 2026-11-11T00:00:00.000Z on/,
    ],
    ['nowhere', undefined, /^expected a time with an offset, since small ver/],
  ])('refuses one that begins %s', (_, startsAt, expected) => {
    const changes = recorded([versionChange(first)]);
    const file = smallFile({ version: 2, startsAt });
    expect(mistakesOf(() => publish(file, changes))).toMatchObject([
      { field: 'startsAt', expected: expect.stringMatching(expected) },
    ]);
  });

  it('refuses one that would not begin after those before it', () => {
    const late = smallFile({ version: 2, startsAt: '2027-01-01T00:00:00Z' });
    const changes = recorded([versionChange(first), versionChange(late)]);
    const file = smallFile({ version: 3, startsAt: '2026-12-01T00:00:00Z' });
    expect(mistakesOf(() => publish(file, changes))).toMatchObject([
      { fileName: 'small.yaml', field: 'startsAt' },
    ]);
  });

  it('refuses one that pays at once what settled before, and carries it over', () => {
    const [goal] = SMALL_FILE.goals;
    const settling = smallFile({ goals: [{ ...goal, settlesAfterDays: 1 }] });
    const changes = recorded([versionChange(settling)]);
    expect(mistakesOf(() => publish(second, changes))).toMatchObject([
      {
        fileName: 'small.yaml',
        field: 'goals[0].settlesAfterDays',
        expected: expect.stringMatching(/since small version 1, as published/),
      },
    ]);
    const anew = smallFile({
      version: 2,
      startsAt: SINCE,
      progress: 'startsAnew',
    });
    expect(publish(anew, changes)).toEqual(versionChange(anew));
  });

  it('takes the first version of a program whenever it begins: nothing was counted', () => {
    const file = smallFile({ startsAt: BEFORE });
    expect(publish(file)).toEqual(versionChange(file));
  });

  it('says every mistake of a file', () => {
    const wrong = smallFile({ version: 0, title: 'x' });
    expect(mistakesOf(() => publish(wrong)).map(({ field }) => field)).toEqual([
      'version',
      'title',
    ]);
  });
});

describe('the directory of a granter that starts', () => {
  it('is published, in its order', () => {
    expect(directoryChanges([first, second], [], [])).toEqual([
      versionChange(first),
      versionChange(second),
    ]);
  });

  it('changes nothing where all of it holds', () => {
    const changes = recorded([versionChange(first)], null);
    expect(directoryChanges([first], changes, [])).toEqual([]);
  });

  it('withdraws what it had before, and nothing that came by the api', () => {
    expect(
      directoryChanges([], recorded([versionChange(first)], null), []),
    ).toEqual([versionChange(first, 'withdrawn')]);
    expect(directoryChanges([], recorded([versionChange(first)]), [])).toEqual(
      [],
    );
  });

  it('may have a version in the place of another, since ever', () => {
    const changes = recorded([versionChange(first)], null);
    const inPlace = smallFile({ version: 2 });
    expect(directoryChanges([inPlace], changes, [])).toEqual([
      versionChange(first, 'withdrawn'),
      versionChange(inPlace),
    ]);
  });

  it('may not change what was published, by whatever way', () => {
    for (const [changes, known] of [
      [recorded([versionChange(first)]), []],
      [recorded([versionChange(first)], null), []],
      [[], [versionChange(first)]],
    ] as const)
      expect(() => directoryChanges([other], changes, known)).toThrow(
        new VersionChangedError({ program: 'small', version: 1 }),
      );
  });

  it('may not contradict what came by the api', () => {
    const changes = recorded([versionChange(first)]);
    const without = smallFile({ version: 2 });
    expect(
      mistakesOf(() => directoryChanges([without], changes, [])),
    ).toMatchObject([{ field: 'startsAt' }]);
  });
});

describe('the programs in force', () => {
  it('are those that were published and not withdrawn, each paused by the last word on it', () => {
    const changes = recorded([
      versionChange(first),
      { change: 'paused', program: 'small' },
      versionChange(second),
      versionChange(first, 'withdrawn'),
    ]);
    const set = programSetOf(programsAfter(changes));
    expect(set.programs.map(({ version }) => version)).toEqual([2]);
    expect([...set.paused]).toEqual(['small']);
    const resumed = recorded([
      ...changes,
      { change: 'resumed', program: 'small' },
    ]);
    expect(programsAfter(resumed).paused.size).toBe(0);
  });
});

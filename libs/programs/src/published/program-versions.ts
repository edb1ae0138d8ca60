import type { FileMistake, ProgramDocument } from '../file/program-document.js';
import type { Goal, Program } from '../program.js';

/** The versions of each program, by its name, the earliest first: they hold one after the other. */
export function versionsInOrder(
  programs: readonly Program[],
): Map<string, Program[]> {
  const byName = new Map<string, Program[]>();
  for (const program of programs) {
    const versions = byName.get(program.program);
    if (versions) versions.push(program);
    else byName.set(program.program, [program]);
  }
  for (const versions of byName.values())
    versions.sort((a, b) => a.version - b.version);
  return byName;
}

/** A program, and where it was read. */
export interface ReadFile {
  program: Program;
  document: ProgramDocument;
  fileName: string;
}

/**
 * Where versions of a program contradict each other: each has to hold from a later time than the one before, and what
 * settles has to do so in all versions that go on with each other's progress.
 */
export function versionMistakes(files: readonly ReadFile[]): FileMistake[] {
  const fileOf = new Map(files.map((file) => [file.program, file]));
  const programs = files.map(({ program }) => program);
  return [...versionsInOrder(programs).values()].flatMap((versions) =>
    versions.slice(1).flatMap((version, i) => {
      const after = fileOf.get(version)!;
      const mistakes = versionMistake(fileOf.get(versions[i]!)!, after);
      return mistakes.length > 0
        ? mistakes
        : settlingMistakes(
            carriedOver(versions, i + 1).map((one) => fileOf.get(one)!),
            after,
          );
    }),
  );
}

function versionMistake(before: ReadFile, after: ReadFile): FileMistake[] {
  const { program, version, startsAtMs } = before.program;
  const other = `${before.fileName} has version ${version} of "${program}"`;
  if (version === after.program.version)
    return [
      after.document.mistake(['version'], `expected another version: ${other}`),
    ];
  if (after.program.startsAtMs === null)
    return [
      after.document.mistake(
        ['startsAt'],
        `expected a time with an offset, since ${other}`,
      ),
    ];
  if (startsAtMs !== null && after.program.startsAtMs <= startsAtMs)
    return [
      after.document.mistake(
        ['startsAt'],
        `expected a later time: ${other}, from ${new Date(startsAtMs).toISOString()}`,
      ),
    ];
  return [];
}

/** The versions whose progress one goes on with, the latest first. @param place its own, among versions in order */
function carriedOver(versions: readonly Program[], place: number): Program[] {
  const upToIt = versions.slice(0, place + 1);
  const anew = upToIt.findLastIndex(
    ({ progress }) => progress === 'starts_anew',
  );
  return upToIt.slice(Math.max(anew, 0), place).reverse();
}

/**
 * Only the version at a period's end is asked whether the period settles: where that one pays at once, nobody would ever
 * pay what another has left for then.
 */
function settlingMistakes(
  before: readonly ReadFile[],
  after: ReadFile,
): FileMistake[] {
  return after.program.goals.flatMap((goal, g) => {
    const other = before.find(({ program }) => sameGoalIn(program, goal));
    if (!other) return [];
    const settled = settles(sameGoalIn(other.program, goal)!);
    if (settled === settles(goal)) return [];
    const { program, version } = other.program;
    return after.document.mistake(
      ['goals', g, 'settlesAfterDays'],
      `expected ${settled ? 'a whole number from 0 to 366' : 'no such field'}, or progress: startsAnew, ` +
        `since ${other.fileName} has version ${version} of "${program}", ` +
        `where ${goal.goal} ${settled ? 'settles' : 'pays at once'}`,
    );
  });
}

function sameGoalIn({ goals }: Program, { goal, period }: Goal) {
  return goals.find((one) => one.goal === goal && one.period === period);
}

function settles({ settlesAfterMs }: Goal): boolean {
  return settlesAfterMs !== null;
}

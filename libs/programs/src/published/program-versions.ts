import type { FileMistake, ProgramDocument } from '../file/program-document.js';
import type { Program } from '../program.js';

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

/** Where versions of a program contradict each other: each has to hold from a later time than the one before. */
export function versionMistakes(files: readonly ReadFile[]): FileMistake[] {
  const fileOf = new Map(files.map((file) => [file.program, file]));
  const programs = files.map(({ program }) => program);
  return [...versionsInOrder(programs).values()].flatMap((versions) =>
    versions
      .slice(1)
      .flatMap((version, i) =>
        versionMistake(fileOf.get(versions[i]!)!, fileOf.get(version)!),
      ),
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

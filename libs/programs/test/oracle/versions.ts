import type { Program } from '../../src/program.js';

/** Versions of one program that share their progress, the earliest first. */
export type Lineage = readonly Program[];

/** Each program's versions, by when they start. */
export function versionsByProgram(programs: readonly Program[]): Program[][] {
  const names = new Set(programs.map(({ program }) => program));
  return Array.from(names, (name) =>
    programs
      .filter(({ program }) => program === name)
      .sort((a, b) => startMs(a) - startMs(b)),
  );
}

/** @param versions of one program, by when they start */
export function lineagesOf(versions: readonly Program[]): Lineage[] {
  const lineages: Program[][] = [];
  for (const version of versions) {
    const before = lineages.at(-1);
    if (before && version.progress === 'carries_over') before.push(version);
    else lineages.push([version]);
  }
  return lineages;
}

/** The lineage's name: its program and the version that it began with. */
export function lineageName([first]: Lineage): string {
  return `${first!.program}@${first!.version}`;
}

/** @param versions of one program, by when they start */
export function versionAt(
  versions: readonly Program[],
  atMs: number,
): Program | undefined {
  return versions.findLast((version) => startMs(version) <= atMs);
}

function startMs({ startsAtMs }: Program): number {
  return startsAtMs ?? -Infinity;
}

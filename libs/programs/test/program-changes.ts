import type { ProgramChange } from '../src/published/program-changes.js';
import { programHash } from '../src/program.js';
import type { VersionChange } from '../src/published/publication.js';
import { parseProgram } from '../src/file/program-file.js';
import { SMALL_FILE } from './programs.js';

/** The change of the api that asked for it, where it did not come out of the directory. */
export const BY_API = '00000000-0000-4000-8000-000000000001';

/** {@link SMALL_FILE} with other fields, as a file. */
export function smallFile(changes: object = {}) {
  // All JSON is YAML.
  return {
    fileName: 'small.yaml',
    text: JSON.stringify({ ...SMALL_FILE, ...changes }, null, 1),
  };
}

/** The record that changes make, one after the other. @param changeId of all of them */
export function recorded(
  changes: readonly (
    VersionChange | { change: 'paused' | 'resumed'; program: string }
  )[],
  changeId: string | null = BY_API,
): ProgramChange[] {
  return changes.map((change, i) => ({
    sequence: BigInt(i + 1),
    madeBy: 'alice',
    reason: null,
    changeId,
    recordedAt: new Date(i),
    ...change,
  }));
}

/** A file as it is published or withdrawn. */
export function versionChange(
  { fileName, text }: ReturnType<typeof smallFile>,
  change: VersionChange['change'] = 'published',
): VersionChange {
  const program = parseProgram(text, fileName);
  return {
    change,
    program: program.program,
    version: program.version,
    programHash: programHash(program),
    text,
  };
}

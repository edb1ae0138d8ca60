import { ProgramDocument, ProgramFileError } from '../file/program-document.js';
import {
  asFile,
  programsAfter,
  versionKey,
  type ProgramChange,
  type ProgramText,
  type PublishedOrWithdrawn,
} from './program-changes.js';
import { parseProgram, parsePrograms } from '../file/program-file.js';
import { programHash, type Program } from '../program.js';

/** A version to publish, or to withdraw. */
export type VersionChange = Pick<
  PublishedOrWithdrawn,
  'change' | 'program' | 'version' | 'programHash' | 'text'
>;

/** The hash with which a version is in the ledger, from before there was a record of changes. */
export interface KnownHash {
  program: string;
  version: number;
  programHash: string;
}

/** What a file is a version of, and what publishing it changes: nothing where that very version holds already. */
export interface Publication {
  version: Pick<Program, 'program' | 'version'>;
  change: VersionChange | null;
}

/**
 * What publishing a file comes to.
 *
 * A version that takes the place of another may not begin in the past: what came since was counted by the other.
 *
 * @param changes all that there are
 * @param known of the same version
 * @param nowMs milliseconds since the epoch
 * @throws ProgramFileError with all mistakes of the file, by itself and beside the versions that hold
 */
export function publicationOf(
  file: ProgramText,
  changes: readonly ProgramChange[],
  known: readonly KnownHash[],
  nowMs: number,
): Publication {
  const program = parseProgram(file.text, file.fileName);
  const { versions } = programsAfter(changes);
  const document = new ProgramDocument(file.text, file.fileName);
  if (isPublishedOtherwise(program, changes, known))
    throw new ProgramFileError([
      document.mistake(
        ['version'],
        `expected another version: version ${program.version} of "${program.program}" is published with other contents`,
      ),
    ]);
  if (versions.some((held) => versionKey(held) === versionKey(program)))
    return { version: program, change: null };
  parsePrograms([...versions.map(asFile), file]);
  const others = versions.filter((held) => held.program === program.program);
  if (others.length > 0 && program.startsAtMs! < nowMs)
    throw new ProgramFileError([
      document.mistake(
        ['startsAt'],
        `expected a time from ${new Date(nowMs).toISOString()} on, since the versions that hold have counted until then`,
      ),
    ]);
  return { version: program, change: toPublish(program, file) };
}

/**
 * What a directory changes that a granter starts with: what is new in it is published, and what came out of it before and
 * is there no longer is withdrawn. What was published otherwise stays.
 *
 * @throws ProgramFileError where the versions that hold then contradict each other
 * @throws VersionChangedError where a file is not what was published as its version
 */
export function directoryChanges(
  files: readonly ProgramText[],
  changes: readonly ProgramChange[],
  known: readonly KnownHash[],
): VersionChange[] {
  const { versions } = programsAfter(changes);
  const inForce = new Set(versions.map(versionKey));
  const programs = parsePrograms(files);
  const changed = programs.find((program) =>
    isPublishedOtherwise(program, changes, known),
  );
  if (changed) throw new VersionChangedError(changed);
  const found = new Set(programs.map(versionKey));
  const isGone = (held: PublishedOrWithdrawn) =>
    held.changeId === null && !found.has(versionKey(held));
  const published = programs.flatMap((program, i) =>
    inForce.has(versionKey(program)) ? [] : [toPublish(program, files[i]!)],
  );
  const staying = versions.filter(
    (held) => !isGone(held) && !found.has(versionKey(held)),
  );
  parsePrograms([...staying.map(asFile), ...files]);
  return [
    ...versions.filter(isGone).map((held) => ({
      ...withoutRecord(held),
      change: 'withdrawn' as const,
    })),
    ...published,
  ];
}

/** A published version never changes. */
export class VersionChangedError extends Error {
  constructor({ program, version }: Pick<Program, 'program' | 'version'>) {
    super(
      `Program ${program} was published as version ${version} with other contents: ` +
        'give the changed program a new version.',
    );
    this.name = 'VersionChangedError';
  }
}

function isPublishedOtherwise(
  program: Program,
  changes: readonly ProgramChange[],
  known: readonly KnownHash[],
): boolean {
  const hash = programHash(program);
  const published = changes.flatMap((one) =>
    one.change === 'published' ? one : [],
  );
  return [...published, ...known].some(
    (one) =>
      versionKey(one) === versionKey(program) && one.programHash !== hash,
  );
}

function toPublish(program: Program, { text }: ProgramText): VersionChange {
  return {
    change: 'published',
    program: program.program,
    version: program.version,
    programHash: programHash(program),
    text,
  };
}

function withoutRecord(held: PublishedOrWithdrawn): VersionChange {
  const { change, program, version, programHash: hash, text } = held;
  return { change, program, version, programHash: hash, text };
}

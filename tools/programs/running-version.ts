import { resolve } from 'node:path';
import {
  parseProgram,
  ProgramFileError,
  programsAfter,
  programSetOf,
  type Program,
  type ProgramChange,
} from '@app/programs';
import { UserError } from '../support/cli.js';
import { readProgramFiles } from './program-files.js';

/** A program, and the file that it was read from. */
export interface ReadProgram {
  program: Program;
  fileName: string;
}

/** @throws UserError with every mistake in the file */
export function readProgram(fileName: string, text: string): ReadProgram {
  return { program: understood(() => parseProgram(text, fileName)), fileName };
}

/**
 * The version of a program that is published and holds at an instant.
 *
 * @param changes all of the ledger
 * @returns null where there is none
 * @throws UserError where this release does not understand what is published
 */
export function publishedVersion(
  name: string,
  changes: readonly ProgramChange[],
  atMs: number,
): Program | null {
  const { versions, paused } = programsAfter(changes);
  const own = versions.filter(({ program }) => program === name);
  return understood(() => programSetOf({ versions: own, paused })).versionAt(
    name,
    atMs,
  );
}

function understood<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProgramFileError) throw new FileMistakes(error);
    throw error;
  }
}

/** As wrong as a wrong argument. */
class FileMistakes extends UserError {
  override readonly status = 2;

  constructor({ message }: ProgramFileError) {
    super(message);
  }
}

/**
 * The highest version of a draft's program among the files of a directory, or that of one file; the draft's own file is
 * left out, so that a file that was changed in place is not put beside itself.
 *
 * @param against the directory, or the file
 * @returns null where there is none
 * @throws UserError where a file cannot be read
 */
export async function runningVersion(
  draft: ReadProgram,
  against: string,
): Promise<ReadProgram | null> {
  const files = (await readProgramFiles([against])).filter(
    ({ fileName }) => resolve(fileName) !== resolve(draft.fileName),
  );
  return files
    .map(({ fileName, text }) => readProgram(fileName, text))
    .filter(({ program }) => program.program === draft.program.program)
    .reduce<ReadProgram | null>(
      (highest, read) =>
        highest && highest.program.version >= read.program.version
          ? highest
          : read,
      null,
    );
}

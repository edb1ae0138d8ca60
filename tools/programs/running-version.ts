import { resolve } from 'node:path';
import {
  parseProgram,
  ProgramFileError,
  programsAfter,
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
  try {
    return { program: parseProgram(text, fileName), fileName };
  } catch (error) {
    if (error instanceof ProgramFileError) throw new FileMistakes(error);
    throw error;
  }
}

/**
 * The version of a program that is published and holds at an instant: that with the latest `startsAt` that is not after it.
 *
 * @param changes all of the ledger
 * @returns null where there is none
 */
export function publishedVersion(
  name: string,
  changes: readonly ProgramChange[],
  atMs: number,
): ReadProgram | null {
  return programsAfter(changes)
    .versions.filter(({ program }) => program === name)
    .map(({ version, text }) =>
      readProgram(`version ${version}, as published`, text),
    )
    .filter(({ program }) => startOf(program) <= atMs)
    .reduce<ReadProgram | null>(
      (latest, read) =>
        latest && startOf(latest.program) > startOf(read.program)
          ? latest
          : read,
      null,
    );
}

function startOf({ startsAtMs }: Program): number {
  return startsAtMs ?? -Infinity;
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

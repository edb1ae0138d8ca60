import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@app/platform';
import {
  parsePrograms,
  ProgramFileError,
  programHash,
  type Program,
} from '@app/programs';
import type { FundedVersion } from './store/issues.js';

/**
 * Reads every `.yaml` file of a directory as a program.
 *
 * @throws ConfigurationError where the directory or a file in it cannot be used
 */
export async function loadPrograms(directory: string): Promise<Program[]> {
  const names = await readdir(directory).catch((error: Error) => {
    throw new ConfigurationError(
      `PROGRAMS_DIR cannot be read: ${error.message}.`,
    );
  });
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map(async (name) => ({
        fileName: join(directory, name),
        text: await readFile(join(directory, name), 'utf8'),
      })),
  );
  try {
    return parsePrograms(files);
  } catch (error) {
    if (error instanceof ProgramFileError)
      throw new ConfigurationError(error.message);
    throw error;
  }
}

/**
 * A published version never changes: the ledger knows the hash it was published with.
 *
 * @throws ConfigurationError where a program's file differs from what was published under its version
 */
export function checkPublished(
  programs: readonly Program[],
  funded: readonly FundedVersion[],
): void {
  for (const program of programs) {
    const other = funded.find(
      (known) =>
        known.program === program.program &&
        known.version === program.version &&
        known.programHash !== programHash(program),
    );
    if (other)
      throw new ConfigurationError(
        `Program ${program.program} was published as version ${program.version} with other contents: ` +
          'give the changed program a new version.',
      );
  }
}

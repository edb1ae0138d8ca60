import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@app/platform';
import {
  parsePrograms,
  ProgramFileError,
  type ProgramText,
} from '@app/programs';

/**
 * Reads every `.yaml` file of a directory: each is a version of a program.
 *
 * @throws ConfigurationError where the directory or a file in it cannot be used
 */
export async function readDirectory(directory: string): Promise<ProgramText[]> {
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
    parsePrograms(files);
  } catch (error) {
    if (error instanceof ProgramFileError)
      throw new ConfigurationError(error.message);
    throw error;
  }
  return files;
}

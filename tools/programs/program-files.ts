import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../support/cli.js';

export interface ProgramFile {
  /** As the user would name it. */
  fileName: string;
  text: string;
}

/** Where the granter's programs are: `PROGRAMS_DIR`, or `programs`. */
export function programsDirectory(): string {
  return process.env.PROGRAMS_DIR || 'programs';
}

/**
 * Reads files, and of directories those that end in `.yaml`; each once.
 *
 * @throws UsageError where one of them cannot be read, or a directory holds none
 */
export async function readProgramFiles(
  paths: readonly string[],
): Promise<ProgramFile[]> {
  const names = new Set<string>();
  for (const path of paths)
    for (const name of await filesAt(path)) names.add(name);
  return Promise.all(
    Array.from(names, async (fileName) => ({
      fileName,
      text: await readFile(fileName, 'utf8').catch(unreadable(fileName)),
    })),
  );
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(unreadable(path));
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path).catch(unreadable(path)))
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  if (names.length === 0)
    throw new UsageError(
      `${path} holds no program: expected files that end in .yaml.`,
    );
  return names.map((name) => join(path, name));
}

function unreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return ({ code, message }) => {
    throw new UsageError(
      code === 'ENOENT'
        ? `There is no ${path}.`
        : `${path} cannot be read: ${message}.`,
    );
  };
}

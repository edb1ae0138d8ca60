import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE_DIR } from '../../tools/support/paths.js';

const execute = promisify(execFile);
const FOLDER = join(CACHE_DIR, 'hledger');
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
const INSTALL =
  'hledger is missing, and could not be had from Debian: install it (apt install hledger, or see https://hledger.org/install.html) so that it is on PATH';

/** A real hledger, and how to call it. */
export interface Hledger {
  /** @returns what it prints; rejects with what it says where it fails */
  run: (...args: string[]) => Promise<string>;
  version: string;
}

/**
 * The hledger on PATH, or else Debian's, unpacked into the cache with the libraries that this machine does not have:
 * nothing is installed, and nobody has to be root.
 *
 * @throws Error saying how to install it where neither is to be had
 */
export async function findHledger(folder = FOLDER): Promise<Hledger> {
  const onPath = await callable('hledger', process.env);
  if (onPath) return onPath;
  const unpacked = await unpackedIn(folder);
  if (unpacked) return unpacked;
  await unpackFromDebian(folder).catch((error: unknown) => {
    throw new Error(`${INSTALL}.`, { cause: error });
  });
  const fetched = await unpackedIn(folder);
  if (!fetched) throw new Error(`${INSTALL}.`);
  return fetched;
}

/** Null where there is none, or where it does not start. */
async function callable(
  command: string,
  env: NodeJS.ProcessEnv,
): Promise<Hledger | null> {
  const run = async (...args: string[]) => {
    const { stdout } = await execute(command, args, {
      // Journals are UTF-8, whatever this machine speaks.
      env: { ...env, LC_ALL: 'C.UTF-8' },
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return stdout;
  };
  const version = await run('--version').catch(() => null);
  return version === null ? null : { run, version: version.trim() };
}

async function unpackedIn(folder: string): Promise<Hledger | null> {
  const command = join(folder, 'usr', 'bin', 'hledger');
  const isThere = await access(command).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const libraries = await libraryFolders(folder);
  return callable(command, {
    ...process.env,
    LD_LIBRARY_PATH: [...libraries, process.env.LD_LIBRARY_PATH]
      .filter(Boolean)
      .join(delimiter),
  });
}

/** Where the unpacked packages have their libraries: Debian keeps them by architecture. */
async function libraryFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const parent of [join(folder, 'lib'), join(folder, 'usr', 'lib')])
    for (const name of await readdir(parent).catch(() => [] as string[]))
      if (name.endsWith('-linux-gnu')) found.push(join(parent, name));
  return found;
}

/** Fetched aside and renamed, so that an interrupted download is never taken for the whole. */
async function unpackFromDebian(folder: string): Promise<void> {
  await mkdir(CACHE_DIR, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE_DIR, 'hledger-'));
  try {
    await unpack('hledger', unfinished);
    for (const library of await missingLibraries(unfinished))
      await unpack(library, unfinished);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function unpack(debianPackage: string, folder: string): Promise<void> {
  const download = () =>
    execute('apt-get', ['download', debianPackage], { cwd: folder });
  await download().catch(async (error: unknown) => {
    // A fresh image has no lists of packages; only root may fetch them.
    if (process.getuid?.() !== 0) throw error;
    await execute('apt-get', ['update']);
    await download();
  });
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.deb')) continue;
    await execute('dpkg-deb', ['--extract', join(folder, file), folder]);
    await rm(join(folder, file));
  }
}

/** The packages of the libraries that hledger is linked to and this machine lacks; never the C library itself. */
async function missingLibraries(folder: string): Promise<string[]> {
  const command = join(folder, 'usr', 'bin', 'hledger');
  const { stdout: linked } = await execute('ldd', [command]);
  if (!linked.includes('not found')) return [];
  const { stdout } = await execute('apt-cache', ['depends', 'hledger']);
  return [...stdout.matchAll(/^ {2}Depends: ([^\s<>]+)$/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'libc6');
}

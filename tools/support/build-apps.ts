import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.js';
import { runProgram } from './run-program.js';

const NEST = join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
/** What the apps in `dist` were built from, as a hash. */
const STAMP = join(ROOT, 'dist', 'inputs.sha256');
const SOURCE_FOLDERS = ['apps', 'libs'];
const SETTINGS = [
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'rspack.config.js',
  'tsconfig.json',
];

/** The file to run a built app by. */
export function entryOf(app: string): string {
  return join(ROOT, 'dist', 'apps', app, 'main.js');
}

/**
 * Builds every app, unless all are built from just these sources already.
 *
 * @param onProgress told what happens, in words
 * @throws UserError with what the compiler said where it does not compile
 */
export async function ensureAppsBuilt(
  onProgress: (what: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const inputs = await hashInputs();
  const builtFrom = await readFile(STAMP, 'utf8').catch(() => null);
  if (builtFrom !== inputs) await buildApps(onProgress, inputs, signal);
}

/** Builds every app anew; see {@link ensureAppsBuilt}. */
export async function buildApps(
  onProgress: (what: string) => void,
  inputs?: string,
  signal?: AbortSignal,
): Promise<void> {
  const builtFrom = inputs ?? (await hashInputs());
  const apps = await listApps();
  // An interrupted build must not pass for the last one that was whole.
  await rm(STAMP, { force: true });
  let built = 0;
  const report = () =>
    onProgress(`building ${apps.join(', ')}: ${built} of ${apps.length}`);
  report();
  await runProgram(process.execPath, [NEST, 'build', ...apps], {
    signal,
    onLine: (line) => {
      if (!line.includes('compiled')) return;
      built += 1;
      report();
    },
  });
  await writeFile(STAMP, builtFrom);
}

/** Every app that the workspace declares, in its order. */
async function listApps(): Promise<string[]> {
  const { projects } = JSON.parse(
    await readFile(join(ROOT, 'nest-cli.json'), 'utf8'),
  ) as { projects: Record<string, { type: string }> };
  return Object.entries(projects)
    .filter(([, { type }]) => type === 'application')
    .map(([name]) => name);
}

async function hashInputs(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...SETTINGS, ...(await listSources())]) {
    hash.update(file);
    hash.update(await readFile(join(ROOT, file)));
  }
  return hash.digest('hex');
}

async function listSources(): Promise<string[]> {
  const folders = await Promise.all(
    SOURCE_FOLDERS.map(async (folder) => {
      const found = await readdir(join(ROOT, folder), {
        recursive: true,
        withFileTypes: true,
      });
      return found
        .filter((entry) => entry.isFile() && !entry.name.endsWith('spec.ts'))
        .map(({ parentPath, name }) =>
          join(parentPath, name).slice(ROOT.length),
        );
    }),
  );
  return folders.flat().sort();
}

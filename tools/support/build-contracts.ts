import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.js';
import { runProgram } from './run-program.js';

const SOURCE = join(ROOT, 'libs', 'contracts');
const BUILT = join(ROOT, 'dist', 'contracts');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const COPIED = ['package.json', 'README.md', 'asyncapi.json', 'examples'];

/**
 * Builds `libs/contracts` anew as the npm package that it is for publishing services, and packs it.
 *
 * @returns the path of the tarball
 * @throws UserError with what the compiler or npm said where it fails
 */
export async function buildContracts(): Promise<string> {
  await rm(BUILT, { recursive: true, force: true });
  await mkdir(BUILT, { recursive: true });
  await runProgram(process.execPath, [
    TSC,
    '--project',
    join(SOURCE, 'tsconfig.package.json'),
  ]);
  for (const name of COPIED)
    await cp(join(SOURCE, name), join(BUILT, name), { recursive: true });
  await runProgram('npm', ['pack', BUILT, '--pack-destination', BUILT]);
  return join(BUILT, await tarballName());
}

/** As npm names it. */
async function tarballName(): Promise<string> {
  const { name, version } = JSON.parse(
    await readFile(join(SOURCE, 'package.json'), 'utf8'),
  ) as { name: string; version: string };
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

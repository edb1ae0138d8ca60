// Bundles commands before they run: to load their hundreds of modules one by one would take most of a second.
// Plain JavaScript, since nothing has compiled anything yet.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';

const SOURCE_FOLDERS = ['apps', 'libs', 'tools'];
const SOURCE = /(?<!spec)\.(ts|mjs|json)$/;
const SETTINGS = ['package-lock.json', 'tsconfig.json'];
/** A process loads the last of its bundle long after its start, and must find it. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * The file to run a command by, or a part of it that runs in a thread or process of its own; made of just these sources.
 *
 * @param {string} root of the checkout
 * @param {string} command its source in `tools`, without `.ts`
 * @returns {Promise<string>} its path
 * @throws Error saying where it does not compile
 */
export async function bundleOf(root, command) {
  const bundles = join(root, '.cache', 'commands');
  const name = command.replaceAll('/', '-');
  const folder = join(bundles, `${name}-${hashSources(root)}`);
  if (!existsSync(folder)) {
    mkdirSync(bundles, { recursive: true });
    removeOld(bundles);
    await bundleAside(root, command, folder);
  }
  return join(folder, `${basename(command)}.js`);
}

/**
 * Bundles a program, and leaves the packages that it uses where npm put them.
 *
 * @param {string} root of the checkout
 * @param {string} source of the program, from the root
 * @param {string} folder that the bundle is found in under the name of its source; made where it is missing
 */
export async function bundle(root, source, folder) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outdir: folder,
    bundle: true,
    packages: 'external',
    // What is imported late is a file of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    // TypeORM knows migrations by the names of their classes.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
  });
}

/** Made aside and renamed, so that nobody runs what is not whole. */
async function bundleAside(root, command, folder) {
  const unfinished = mkdtempSync(`${folder}.`);
  await bundle(root, `tools/${command}.ts`, unfinished);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    const wasMadeMeanwhile = existsSync(folder);
    if (!wasMadeMeanwhile) throw error;
  }
}

function removeOld(bundles) {
  for (const name of readdirSync(bundles)) {
    const path = join(bundles, name);
    const made = statSync(path, { throwIfNoEntry: false });
    if (made && made.mtimeMs < Date.now() - KEPT_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

function hashSources(root) {
  const hash = createHash('sha256');
  for (const file of [...SETTINGS, ...listSources(root)]) {
    hash.update(file);
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function listSources(root) {
  return SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => SOURCE.test(file))
      .map((file) => join(folder, file))
      .sort(),
  );
}

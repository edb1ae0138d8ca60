// Starts a command of this project on a machine that has nothing but Node: plain JavaScript without a
// dependency, since it is what installs them. Everything after that is TypeScript, one file a command.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const COMMANDS = [
  'start',
  'test',
  'replay',
  'migrate',
  'ledger',
  'programs',
  'promotion',
  'token',
  'lint',
  'build',
  'build-contracts',
  'bench-append',
  'bench-read',
  'bench-programs',
  'bench-promotion',
  'bench-api',
  'bench-end-to-end',
  'fuzz-api',
  'simulate',
];
const LEAST_NODE = [20, 19];

const root = fileURLToPath(new URL('..', import.meta.url));
const [command] = process.argv.splice(2, 1);

if (!COMMANDS.includes(command))
  fail(`say which command to run: ${COMMANDS.join(', ')}.`);
if (!isNodeRecentEnough(process.versions.node))
  fail(
    `Node ${process.versions.node} is too old: install Node ${LEAST_NODE.join('.')} or later.`,
  );
if (!arePackagesInstalled()) installPackages();

const { bundleOf } = await import('./bundle.mjs');
const bundle = await bundleOf(root, command).catch((error) =>
  fail(`${command} cannot be bundled: ${error.message}`),
);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(bundle).href);

function isNodeRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return (
    major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  );
}

/** Compares what is locked with what npm noted as its last step of installing: packages by hand count too. */
function arePackagesInstalled() {
  const installedFile = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installedFile)) return false;
  const locked = packagesIn(`${root}package-lock.json`);
  const installed = packagesIn(installedFile);
  return Object.entries(locked).every(([path, { version, optional }]) => {
    const isProjectItself = path === '';
    return (
      isProjectItself ||
      (installed[path]
        ? installed[path].version === version
        : optional === true)
    );
  });
}

function packagesIn(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

function installPackages() {
  process.stderr.write('installing packages from package-lock.json\n');
  // Development packages too, whatever NODE_ENV says: they build the apps.
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  if (error)
    fail(`npm does not run (${error.message}): install Node with npm.`);
  if (status !== 0) fail('npm could not install the packages: see above.');
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

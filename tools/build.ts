import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { buildApps } from './support/build-apps.js';
import { runCommand } from './support/cli.js';
import { ROOT } from './support/paths.js';

const USAGE = `Usage: npm run build

Compiles every app into dist/apps/<app>/main.js, and npm run migrate into dist/setup/migrate.js, to be run by Node.
`;

await runCommand({ usage: USAGE, options: {} }, async () => {
  await buildApps((what) => process.stdout.write(`${what}\n`));
  await bundle(ROOT, 'tools/migrate.ts', join(ROOT, 'dist', 'setup'));
});

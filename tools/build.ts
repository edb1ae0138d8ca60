import { buildApps } from './support/build-apps.js';
import { runCommand } from './support/cli.js';

const USAGE = `Usage: npm run build

Compiles every app into dist/apps/<app>/main.js, to be run by Node.
`;

await runCommand({ usage: USAGE, options: {} }, () =>
  buildApps((what) => process.stdout.write(`${what}\n`)),
);

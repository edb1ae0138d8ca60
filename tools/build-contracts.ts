import { buildContracts } from './support/build-contracts.js';
import { runCommand } from './support/cli.js';
import { shortPath } from './support/paths.js';

const USAGE = `Usage: npm run build:contracts

Compiles libs/contracts into an npm package for publishing services, and packs it: a tarball in dist/contracts, to be
published to a registry (npm publish) or installed as it is (npm install FILE).
`;

await runCommand({ usage: USAGE, options: {} }, async () => {
  process.stdout.write('building libs/contracts\n');
  process.stdout.write(`built ${shortPath(await buildContracts())}\n`);
});

import { delimiter, join } from 'node:path';
import { runCommand } from './support/cli.js';
import { ROOT } from './support/paths.js';
import { runInForeground } from './support/run-program.js';

const USAGE = `Usage: npm run lint

Checks the code without running it, with every check whatever the others say:
  types         tsc
  rules         oxlint, with the rules that need types
  imports       dependency-cruiser: imports run downward only
  formatting    prettier; \`npm run format\` mends it
`;

const CHECKS: [name: string, program: string, ...args: string[]][] = [
  ['types', 'tsc', '--noEmit'],
  [
    'rules',
    'oxlint',
    '--type-aware',
    '--deny-warnings',
    '--disable-nested-config',
  ],
  ['imports', 'depcruise', 'apps', 'libs', 'tools', 'test'],
  ['formatting', 'prettier', '--check', '--log-level', 'warn', '.'],
];

await runCommand({ usage: USAGE, options: {} }, async () => {
  const bin = join(ROOT, 'node_modules', '.bin');
  process.env.PATH = [bin, process.env.PATH].join(delimiter);
  const failed: string[] = [];
  for (const [name, program, ...args] of CHECKS) {
    process.stdout.write(`${name}\n`);
    if ((await runInForeground(program, args)) !== 0) failed.push(name);
  }
  process.stdout.write(
    failed.length > 0
      ? `failed: ${failed.join(', ')}\n`
      : `passed: ${CHECKS.map(([name]) => name).join(', ')}\n`,
  );
  return failed.length > 0 ? 1 : 0;
});

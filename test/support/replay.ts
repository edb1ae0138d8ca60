import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../../tools/support/paths.js';
import type { TestStack } from './test-stack.js';

/** Runs `npm run replay` as a user does; answers what it prints. */
export async function replay(
  { kafkaBrokers, databaseUrl }: TestStack,
  path: string,
  ...options: string[]
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['run', 'replay', '--', path, ...options],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        KAFKA_BROKERS: kafkaBrokers,
        DATABASE_URL: databaseUrl,
      },
    },
  );
  return stdout;
}

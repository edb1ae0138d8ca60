import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_DIR, ROOT } from './support/paths.js';
import { runInForeground } from './support/run-program.js';

const USAGE = `Usage: npm test -- [options of vitest] [files]

Runs the tests with Vitest; sets up by itself what they need. Three projects, by the names of the files:
  unit   *.spec.ts      functions alone
  int    *.int-spec.ts  with a real PostgreSQL and a real Kafka, started for the run
  e2e    *.e2e-spec.ts  the whole system, started as npm start does

Programs and the whole system are given made orders, or those of a file that ORDERS_FILE names, with the columns
time,order_id,seller_id,price_minor,freight_minor,items,status.

The last line is "N passed, N failed"; the status is 0 where nothing failed.

Examples:
  npm test -- --project unit
  npm test -- --project int libs/ledger
  npm test -- -t "names the port"
  ORDERS_FILE=orders.csv.gz npm test -- all-programs
`;

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const RESULTS = join(CACHE_DIR, 'test-results.json');

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(USAGE);
} else {
  process.exitCode = await runTests(args);
}

async function runTests(vitestArgs: string[]): Promise<number> {
  await mkdir(CACHE_DIR, { recursive: true });
  await rm(RESULTS, { force: true });
  // No Kafka of the tests lives long enough for the second compiler to be worth its time.
  process.env.JDK_JAVA_OPTIONS ??= '-XX:TieredStopAtLevel=1';
  const status = await runInForeground(process.execPath, [
    VITEST,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${RESULTS}`,
    ...vitestArgs,
  ]);
  const results = await readFile(RESULTS, 'utf8').catch(() => null);
  if (results === null) {
    process.stderr.write(
      'Vitest ended before it had any results: see above.\n',
    );
    return status || 1;
  }
  const { passed, failed } = countTests(JSON.parse(results) as Results);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return status;
}

/** What we read of Vitest's JSON report. */
interface Results {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** A file that fails in none of its tests counts as one failure: tests that did not run must not look like no mistakes. */
function countTests({ numPassedTests, numFailedTests, testResults }: Results) {
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' &&
      !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
  };
}

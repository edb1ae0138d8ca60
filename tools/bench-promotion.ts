import { stat } from 'node:fs/promises';
import { OnlineSpending, type SpendingPolicy } from '@app/promotion';
import { timeDecisionRound } from './bench/promotion/decision-round.js';
import { BASELINES } from './spending/baselines/index.js';
import { Optimizer } from './bench/promotion/optimum.js';
import { table } from './bench/promotion/report.js';
import { score } from './bench/promotion/score.js';
import { readTrace } from './bench/promotion/trace-file.js';
import type { Trace } from './spending/trace.js';
import { runCommand, UsageError, UserError } from './support/cli.js';
import { ProgressLine } from './support/progress-line.js';

const NAMES = Object.keys(BASELINES);
const USAGE = `Usage: npm run bench:promotion -- --trace <file> [options]

Spends the traffic of a trace with the projector's algorithm, and compares the GMV that it earns with simple policies and
with the best that could have been done. docs/performance.md says what each figure means.

Options:
  --trace <file>    NDJSON, gzipped or not: merchants, lots and slots in any order
  --policy <name>   score this instead, and nothing beside it: ${NAMES.slice(0, 2).join(', ')},
                    ${NAMES.slice(2).join(', ')}
  --skip-optimum    do not look for the best, which takes most of the time
  --round           also time a round of decisions for 50,000 merchants with open lots
  --json            one JSON object on standard output
  -h, --help        this help
`;

const ROUND_MERCHANTS = 50_000;
const REDRAW_MS = 100;
const progress = new ProgressLine(process.stderr);
let shownAtMs = 0;

await runCommand(
  {
    usage: USAGE,
    options: {
      trace: { type: 'string' },
      policy: { type: 'string' },
      'skip-optimum': { type: 'boolean', default: false },
      round: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  },
  async ({
    trace: path,
    policy,
    'skip-optimum': isOptimumSkipped,
    round,
    json,
  }) => {
    if (path === undefined) throw new UsageError('Say which --trace to score.');
    const policies = policiesToRun(policy);
    const trace = await read(path);
    const optimizer = await Optimizer.load();
    try {
      const report = {
        ...score(
          trace,
          { policies, optima: !isOptimumSkipped },
          optimizer,
          show,
        ),
        ...(round ? timeDecisionRound(ROUND_MERCHANTS) : {}),
      };
      process.stdout.write(
        json ? `${JSON.stringify(report)}\n` : `${table(report)}\n`,
      );
    } finally {
      optimizer.close();
    }
  },
);

function policiesToRun(
  name: string | undefined,
): Record<string, () => SpendingPolicy> {
  if (name === undefined)
    return { ours: () => new OnlineSpending(), ...BASELINES };
  const baseline = Object.entries(BASELINES).find(([known]) => known === name);
  if (!baseline)
    throw new UsageError(
      `--policy is "${name}": expected ${NAMES.join(', ')}.`,
    );
  return Object.fromEntries([baseline]);
}

async function read(path: string): Promise<Trace> {
  const { size } = await stat(path).catch((error: Error) => {
    throw new UserError(`${path} cannot be read (${error.message}).`);
  });
  return readTrace(path, (bytes) => show('reading, bytes', bytes, size));
}

function show(what: string, done: number, total: number): void {
  if (done < total && performance.now() - shownAtMs < REDRAW_MS) return;
  shownAtMs = performance.now();
  progress.show(what, done, total);
  if (done === total) progress.done();
}

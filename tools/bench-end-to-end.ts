import { setTimeout as sleep } from 'node:timers/promises';
import { onOwnStack, type OwnStack } from './bench/end-to-end/own-stack.js';
import { median } from './bench/median.js';
import { turnSwitchOff } from './bench/end-to-end/switch-off.js';
import { TakenCounts, type Taken } from './bench/end-to-end/taken.js';
import { appPart } from './stack/app.js';
import { runCommand } from './support/cli.js';
import { parseCount } from './support/parse-count.js';
import { ProgressLine } from './support/progress-line.js';

const USAGE = `Usage: npm run bench:end-to-end -- [options]

Runs the whole system on a PostgreSQL and a Kafka of its own, with the simulator's merchants and all programs. First at an
ordinary pace, where merchants turn their switch off; then faster than anybody can take, and counts what the granter and
the promoter each take of the activity meanwhile.

Options:
  --merchants <number>  default 2000
  --pace <number>       simulated seconds in a real one where merchants turn the switch off; default 144
  --flood <number>      simulated seconds in a real one where as much as possible is taken; default 5000
  --seconds <number>    of each; default 60
  --json                one JSON object on standard output
  -h, --help            this help
`;

const SWITCHES = 50;
/** Until caches are warm and what runs often is compiled. */
const WARM_UP_SECONDS = 15;
const STOPS_WITHIN_MS = 2_000;

interface Figures {
  publishedEventsPerSecond: number;
  granterEventsPerSecond: number;
  promoterEventsPerSecond: number;
  /** Of what the granter takes in that time, how much the promoter takes: 1 keeps up. */
  promoterToGranter: number;
  grantsPerSecond: number;
  ordersPerSecond: number;
  reportsPerSecond: number;
  /** What is refused: reports that come when their order is closed, since time passes so much faster. */
  deadLettersPerSecond: number;
  /** From the merchant's call until everything is released. */
  switchOffMs: MedianAndMax & { merchants: number };
  /** From the switch's event until no order follows it. */
  ordersStoppedMs: MedianAndMax;
  /** From one signed checkpoint to the next, while as much as possible is taken. */
  checkpointGapMs: MedianAndMax;
}

interface MedianAndMax {
  median: number;
  max: number;
}

await runCommand(
  {
    usage: USAGE,
    options: {
      merchants: { type: 'string', default: '2000' },
      pace: { type: 'string', default: '144' },
      flood: { type: 'string', default: '5000' },
      seconds: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
    },
  },
  async ({ json, ...values }) => {
    const merchants = parseCount('merchants', values.merchants, 1);
    const pace = parseCount('pace', values.pace, 1);
    const flood = parseCount('flood', values.flood, 1);
    const seconds = parseCount('seconds', values.seconds, 1);
    const figures = await onOwnStack(async (stack) => {
      const counts = await TakenCounts.of(stack.databaseUrl, stack.brokers);
      try {
        const switches = await withTraffic(
          stack,
          { merchants, speed: pace },
          async () => {
            await pass(seconds, 'at an ordinary pace');
            return timeSwitches(stack, counts);
          },
        );
        return await withTraffic(
          stack,
          { merchants, speed: flood },
          async (): Promise<Figures> => {
            await pass(WARM_UP_SECONDS, 'warming up');
            const sinceMs = Date.now();
            const before = await counts.read();
            await pass(seconds, 'taking what it can');
            return {
              ...takenPerSecond(before, await counts.read()),
              ...switches,
              checkpointGapMs: medianAndMax(
                await counts.checkpointGapsMs(sinceMs),
              ),
            };
          },
        );
      } finally {
        await counts.close();
      }
    });
    process.stdout.write(`${JSON.stringify(figures, null, json ? 0 : 2)}\n`);
  },
);

/** Runs `work` while the simulator publishes. */
async function withTraffic<Result>(
  { brokers, folder }: OwnStack,
  { merchants, speed }: { merchants: number; speed: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const simulator = await appPart({
    name: 'simulator',
    folder,
    env: {
      KAFKA_BROKERS: brokers,
      SIMULATOR_MERCHANTS: String(merchants),
      SIMULATOR_SPEED: String(speed),
    },
    portVariable: 'HEALTH_PORT',
    stopWithinMs: STOPS_WITHIN_MS,
  }).launch(new AbortController().signal);
  try {
    return await work();
  } finally {
    await simulator.stop();
  }
}

async function pass(seconds: number, what: string): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  for (let passed = 0; passed < seconds; passed += 1) {
    progress.show(what, passed, seconds);
    await sleep(1_000);
  }
  progress.done();
}

async function timeSwitches(
  stack: OwnStack,
  counts: TakenCounts,
): Promise<Pick<Figures, 'switchOffMs' | 'ordersStoppedMs'>> {
  const merchantIds = await counts.merchantsWithOrders(SWITCHES);
  const tookMs: number[] = [];
  for (const merchantId of merchantIds)
    tookMs.push(await turnSwitchOff(stack, merchantId));
  return {
    switchOffMs: { ...medianAndMax(tookMs), merchants: tookMs.length },
    ordersStoppedMs: medianAndMax(await counts.ordersStoppedMs(merchantIds)),
  };
}

/** Not a number where there are no values. */
function medianAndMax(values: readonly number[]): MedianAndMax {
  return {
    median: Math.round(median(values)),
    max: values.length > 0 ? Math.round(Math.max(...values)) : NaN,
  };
}

function takenPerSecond(
  from: Taken,
  to: Taken,
): Omit<Figures, 'switchOffMs' | 'ordersStoppedMs' | 'checkpointGapMs'> {
  const perSecond = (what: Exclude<keyof Taken, 'atMs'>) =>
    Math.round(((to[what] - from[what]) * 1_000) / (to.atMs - from.atMs));
  return {
    publishedEventsPerSecond: perSecond('published'),
    granterEventsPerSecond: perSecond('granter'),
    promoterEventsPerSecond: perSecond('promoter'),
    promoterToGranter: Number(
      (
        (to.promoter - from.promoter) /
        Math.max(1, to.granter - from.granter)
      ).toFixed(2),
    ),
    grantsPerSecond: perSecond('grants'),
    ordersPerSecond: perSecond('orders'),
    reportsPerSecond: perSecond('reports'),
    deadLettersPerSecond: perSecond('deadLetters'),
  };
}

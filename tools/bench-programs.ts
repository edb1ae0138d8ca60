import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOPICS, type ActivityEvent } from '@app/contracts';
import {
  factsToJson,
  GranterInMemory,
  parsePrograms,
  ProgramSet,
  progressToJson,
  type ActivityInput,
} from '@app/programs';
import { world } from '../apps/simulator/src/world/world.js';
import { runCommand } from './support/cli.js';
import { parseCount } from './support/parse-count.js';
import { ProgressLine } from './support/progress-line.js';

const USAGE = `Usage: npm run bench:programs -- [options]

Measures how fast all programs of a directory are counted, decided and settled, on one core, without Kafka and without a
database: a simulated festival runs through them in batches, with the clock of its own events. The fastest of five rounds
counts, since what else the machine does only ever takes time; all five are told.

Options:
  --programs <directory>  default programs
  --events <number>       default 500000; as many again run ahead, to warm up
  --merchants <number>    default 2000
  --json                  one JSON object on standard output
  -h, --help              this help
`;

/** In the middle of the season of the programs that have one. */
const EPOCH_MS = Date.parse('2026-10-25T00:00:00+08:00');
const SEED = 11;
const BATCH = 1_000;
const ROUNDS = 5;

interface Round {
  eventsPerSecond: number;
  /** Of the process, all threads: less moved by what else the machine does. */
  cpuMicrosPerEvent: number;
  bytesPerMerchant: number;
  events: number;
  merchants: number;
  grants: number;
  programs: number;
}

/** Of the fastest round. */
interface Figures extends Round {
  eventsPerSecondByRound: number[];
}

await runCommand(
  {
    usage: USAGE,
    options: {
      programs: { type: 'string', default: 'programs' },
      events: { type: 'string', default: '500000' },
      merchants: { type: 'string', default: '2000' },
      json: { type: 'boolean', default: false },
    },
  },
  async ({ programs, events, merchants, json }) => {
    const set = new ProgramSet(await readPrograms(programs));
    const batches = inBatches(
      parseCount('events', events, 1),
      parseCount('merchants', merchants, 1),
    );
    const figures = fastestOf(inRounds(() => run(set, batches)));
    process.stdout.write(
      json ? `${JSON.stringify(figures)}\n` : `${table(figures)}\n`,
    );
  },
);

async function readPrograms(directory: string) {
  const names = (await readdir(directory)).filter((name) =>
    name.endsWith('.yaml'),
  );
  return parsePrograms(
    await Promise.all(
      names.sort().map(async (name) => ({
        fileName: join(directory, name),
        text: await readFile(join(directory, name), 'utf8'),
      })),
    ),
  );
}

interface Batch {
  inputs: ActivityInput[];
  clockMs: number;
}

function inBatches(count: number, merchants: number): Batch[] {
  const progress = new ProgressLine(process.stderr);
  const events = world(SEED, { epochMs: EPOCH_MS, merchants });
  const batches: Batch[] = [];
  for (let made = 0; made < count; made += BATCH) {
    const inputs: ActivityInput[] = [];
    let clockMs = EPOCH_MS;
    while (inputs.length < Math.min(BATCH, count - made)) {
      const { atMs, event } = events.next().value;
      const { source, id, type, subject, data } = event;
      clockMs = atMs;
      inputs.push({
        event: {
          source,
          id,
          type,
          merchantId: subject,
          occurredAtMs: atMs,
          data,
        } as ActivityEvent,
        reference: {
          topic: TOPICS.activity,
          partition: 0,
          offset: String(made + inputs.length),
          source,
          id,
        },
      });
    }
    batches.push({ inputs, clockMs });
    progress.show('making events', made + inputs.length, count);
  }
  progress.done();
  return batches;
}

/** One round to warm up, and those that count. */
function inRounds(run: () => Round): Round[] {
  const progress = new ProgressLine(process.stderr);
  run();
  const rounds: Round[] = [];
  while (rounds.length < ROUNDS) {
    rounds.push(run());
    progress.show('rounds', rounds.length, ROUNDS);
  }
  progress.done();
  return rounds;
}

function fastestOf(rounds: readonly Round[]): Figures {
  const bySpeed = rounds.toSorted(
    (a, b) => b.eventsPerSecond - a.eventsPerSecond,
  );
  return {
    ...bySpeed[0]!,
    eventsPerSecondByRound: rounds.map(
      ({ eventsPerSecond }) => eventsPerSecond,
    ),
  };
}

function run(set: ProgramSet, batches: readonly Batch[]): Round {
  const flagged = new Set(
    batches.flatMap(({ inputs }) =>
      inputs
        .filter(({ event }) => event.type === 'risk.flagged')
        .map(({ event }) => event.merchantId),
    ),
  );
  const granter = new GranterInMemory(set, {
    remembers: (merchantId) => flagged.has(merchantId),
  });
  let events = 0;
  let grants = 0;

  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  for (const { inputs, clockMs } of batches) {
    grants += granter.run(inputs, clockMs).drafts.length;
    events += inputs.length;
  }
  const seconds = (performance.now() - startedAtMs) / 1_000;

  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    eventsPerSecond: Math.round(events / seconds),
    cpuMicrosPerEvent: Number(((user + system) / events).toFixed(2)),
    bytesPerMerchant: Math.round(storedBytes(granter) / granter.merchants),
    events,
    merchants: granter.merchants,
    grants,
    programs: set.programs.length,
  };
}

/** What the store would keep of merchants: their facts, and all of their rows of progress. */
function storedBytes(granter: GranterInMemory): number {
  let bytes = 0;
  for (const [, facts] of granter.facts)
    bytes += JSON.stringify(factsToJson(facts)).length;
  for (const [, rows] of granter.progress)
    for (const row of rows.values())
      bytes += JSON.stringify(progressToJson(row)).length;
  return bytes;
}

function table(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name.padEnd(22)} ${[value].flat().join(' ')}`)
    .join('\n');
}

import { TRACE_WORLDS } from '../apps/simulator/src/traces/worlds/index.js';
import type { TraceWorld } from '../apps/simulator/src/traces/trace-world.js';
import { writeTrace } from './simulate/write-trace.js';
import { runCommand, UsageError, UserError } from './support/cli.js';
import { parseCount } from './support/parse-count.js';
import { ProgressLine } from './support/progress-line.js';

const NAME_WIDTH = Math.max(...TRACE_WORLDS.map(({ name }) => name.length));
const MOST_MERCHANTS = 50_000;
const MOST_DAYS = 366;
const NUMBER = new Intl.NumberFormat('en-US');

const USAGE = `Usage: npm run simulate -- --trace-out FILE [options]

Writes a trace on which spending is scored: grants of traffic that merchants get, and the room for it at their
streams, videos and clips. The same options give the same bytes. docs/traces.md describes the file.

Options:
  --trace-out <file>    where to, as NDJSON; gzipped where it ends in .gz
  --world <name>        which world (default ${TRACE_WORLDS[0]!.name}):
${TRACE_WORLDS.map(({ name, summary }) => `      ${name.padEnd(NAME_WIDTH)}  ${summary}`).join('\n')}
  --merchants <number>  how many, to ${NUMBER.format(MOST_MERCHANTS)} (default 2000)
  --days <number>       how many, to ${MOST_DAYS} (default 28)
  --seed <text>         another one is another world of the same kind (default 1)
  -h, --help            this help
`;

await runCommand(
  {
    usage: USAGE,
    options: {
      'trace-out': { type: 'string' },
      world: { type: 'string', default: TRACE_WORLDS[0]!.name },
      merchants: { type: 'string', default: '2000' },
      days: { type: 'string', default: '28' },
      seed: { type: 'string', default: '1' },
    },
  },
  async (values) => {
    const path = values['trace-out'];
    if (!path)
      throw new UsageError(
        'Say which file to write with --trace-out; --help says more.',
      );
    const world = parseWorld(values.world);
    const options = {
      merchants: parseCountTo('merchants', values.merchants, MOST_MERCHANTS),
      days: parseCountTo('days', values.days, MOST_DAYS),
      seed: values.seed,
    };
    const line = new ProgressLine(process.stdout);
    const { merchants, lots, slots, traffic, room } = await writeTrace(
      path,
      world,
      options,
      (days) => line.show('days written', days, options.days),
    ).catch((error: NodeJS.ErrnoException) => {
      throw error.code && error.syscall
        ? new UserError(`${path} cannot be written: ${error.message}.`)
        : error;
    });
    line.done();
    process.stdout.write(
      `wrote ${NUMBER.format(merchants)} merchants, ${NUMBER.format(lots)} lots over ${NUMBER.format(traffic)} impressions, ` +
        `${NUMBER.format(slots)} slots with room for ${NUMBER.format(room)}: ${(room / traffic).toFixed(1)} times as many\n`,
    );
  },
);

function parseWorld(name: string): TraceWorld {
  const world = TRACE_WORLDS.find((known) => known.name === name);
  if (!world)
    throw new UsageError(
      `--world is "${name}": expected one of ${TRACE_WORLDS.map((known) => known.name).join(', ')}.`,
    );
  return world;
}

function parseCountTo(option: string, text: string, most: number): number {
  const count = parseCount(option, text, 1);
  if (count > most)
    throw new UsageError(`--${option} is ${text}: expected at most ${most}.`);
  return count;
}

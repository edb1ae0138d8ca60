import { parsePort, runCommand, UsageError, UserError } from './support/cli.js';
import { killAllDaemons } from './stack/daemon.js';
import { DataFolder } from './stack/data-folder.js';
import { PlainDisplay } from './stack/plain-display.js';
import { assertPortFree } from './stack/ports.js';
import { ScreenDisplay } from './stack/screen-display.js';
import { Stack } from './stack/stack.js';

const USAGE = `Usage: npm start -- [options]

Runs the whole system on this machine: PostgreSQL, Kafka, sealer, granter, promoter, api and simulator.
The first start sets everything up; later ones keep the data. Prints "ready <address of the api>" when
everything answers; Ctrl-C or SIGTERM stops everything in order, a second Ctrl-C at once.

Options:
  --fresh               wipe all data and logs first
  --no-traffic          leave the simulator out
  --api-port <port>     where the api listens (default 3000)
  --kafka-port <port>   where Kafka listens (default 9092)
  --postgres-port <port>  where PostgreSQL listens (default 5433)
  --plain               plain lines instead of a screen; always so without a terminal
  -h, --help            this help

Environment:
  DATABASE_URL   a PostgreSQL to use instead of the stack's own, e.g. postgres://user@host:5432/ledger
  KAFKA_BROKERS  Kafka brokers to use instead of the stack's own, e.g. localhost:9092
  DATA_DIR       where data and logs are kept (default .data)
`;

/** Two requests to stop that are nearer than this are one: npm passes on the Ctrl-C that the terminal sends us too. */
const SAME_REQUEST_MS = 500;
const PARENT_CHECK_INTERVAL_MS = 250;

await runCommand(
  {
    usage: USAGE,
    options: {
      fresh: { type: 'boolean', default: false },
      'no-traffic': { type: 'boolean', default: false },
      'api-port': { type: 'string', default: '3000' },
      'kafka-port': { type: 'string', default: '9092' },
      'postgres-port': { type: 'string', default: '5433' },
      plain: { type: 'boolean', default: false },
    },
  },
  async (values) => {
    if (process.platform === 'win32')
      throw new UserError('On Windows, use `docker compose up`.');
    const apiPort = parsePort('api-port', values['api-port']);
    const kafkaPort = parsePort('kafka-port', values['kafka-port']);
    const postgresPort = parsePort('postgres-port', values['postgres-port']);
    const databaseUrl = process.env.DATABASE_URL || undefined;
    const brokers = process.env.KAFKA_BROKERS || undefined;
    const ports = new Map([['--api-port', apiPort]]);
    if (!brokers) ports.set('--kafka-port', kafkaPort);
    if (!databaseUrl) ports.set('--postgres-port', postgresPort);
    assertDistinct(ports);

    const folder = new DataFolder(process.env.DATA_DIR);
    const unlock = folder.lock();
    const stop = stopRequests();
    const display =
      process.stdout.isTTY && !values.plain
        ? new ScreenDisplay()
        : new PlainDisplay((line) => process.stdout.write(`${line}\n`));
    try {
      for (const name of await folder.stopLeftovers())
        display.say(`stopped ${name}, which a killed run had left behind`);
      if (values.fresh) await folder.wipe();
      for (const [option, port] of ports) await assertPortFree(port, option);
      await new Stack(
        {
          folder,
          apiPort,
          kafkaPort,
          postgresPort,
          traffic: !values['no-traffic'],
          databaseUrl,
          brokers,
        },
        display,
        stop,
      ).run();
    } finally {
      display.close();
      unlock();
    }
  },
);

/** @throws UsageError where two options give one port */
function assertDistinct(ports: ReadonlyMap<string, number>): void {
  const taken = new Map<number, string>();
  for (const [option, port] of ports) {
    const other = taken.get(port);
    if (other !== undefined)
      throw new UsageError(`${other} and ${option} are both ${port}.`);
    taken.set(port, option);
  }
}

/** Aborts at the first request to stop; the second kills everything at once. */
function stopRequests(): AbortSignal {
  const controller = new AbortController();
  let firstAtMs: number | undefined;
  const request = () => {
    const now = Date.now();
    if (firstAtMs === undefined) {
      firstAtMs = now;
      controller.abort();
    } else if (now - firstAtMs > SAME_REQUEST_MS) process.exit(1);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, request);
  // Nobody reads what we say any more.
  process.stdout.on('error', request);
  if (process.env.npm_lifecycle_event !== undefined) watchParent(request);
  // However this process ends, nothing that it started stays.
  process.on('exit', killAllDaemons);
  return controller.signal;
}

/** npm runs us through a shell, which a signal to npm may end without its reaching us. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_INTERVAL_MS);
  timer.unref();
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf } from './bundle.mjs';
import { median } from './bench/median.js';
import { load, percentile, type Calls } from './bench/api/load.js';
import { fillWithMerchants, merchantIdOf } from './bench/api/many-merchants.js';
import { startService } from './bench/api/service.js';
import { onTemporaryPostgres } from './bench/temporary-postgres.js';
import { leaveNothingRunning } from './stack/daemon.js';
import { ensureTokenIssuer, mintToken } from './stack/token-key.js';
import { ensureAppsBuilt, entryOf } from './support/build-apps.js';
import { runCommand } from './support/cli.js';
import { parseCount } from './support/parse-count.js';
import { ROOT } from './support/paths.js';

const USAGE = `Usage: npm run bench:api -- [options]

Measures how fast the api answers for one merchant of many: the wallet and a page of a statement, at saturation and at
half of that rate, beside a bare Nest application on the same HTTP adapter whose one handler does nothing. The database
is filled first, in a PostgreSQL of its own. The load comes from this process, so that all share the machine.

Options:
  --merchants <number>  default 1000000; takes about 1.5 GB on disk, and some minutes
  --seconds <number>    of each measurement; default 10
  --profile <folder>    writes a CPU profile of the api there
  --json                one JSON object on standard output
  -h, --help            this help
`;

/** Who asks, of all: each with a token of its own. */
const CALLERS = 500;
const ROUNDS = 3;
/** Until what runs often is compiled. */
const WARM_UP_SECONDS = 10;
const TOKEN_SECONDS = 3_600;

interface Options {
  merchants: number;
  seconds: number;
  profile: string | undefined;
}

await runCommand(
  {
    usage: USAGE,
    options: {
      merchants: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '10' },
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  },
  async ({ merchants, seconds, profile, json }) => {
    const options = {
      merchants: parseCount('merchants', merchants, CALLERS),
      seconds: parseCount('seconds', seconds, 1),
      profile,
    };
    leaveNothingRunning();
    await ensureAppsBuilt(say);
    const figures = await onTemporaryPostgres((url) => measure(url, options));
    process.stdout.write(
      json
        ? `${JSON.stringify(figures)}\n`
        : Object.entries(figures)
            .map(([name, value]) => `${name.padEnd(28)}${value}\n`)
            .join(''),
    );
  },
);

async function measure(databaseUrl: string, options: Options) {
  const { merchants, seconds } = options;
  say(`filling a ledger with ${merchants} merchants`);
  await fillWithMerchants(databaseUrl, merchants);
  const folder = await mkdtemp(join(tmpdir(), 'bench-api-'));
  const env = {
    AUTH_ISSUERS: JSON.stringify([await ensureTokenIssuer(folder)]),
    DATABASE_URL: databaseUrl,
    // Nothing that is measured asks it.
    KAFKA_BROKERS: '127.0.0.1:1',
    // Every call comes from one address.
    API_REQUESTS_PER_MINUTE_PER_ADDRESS: '99999999',
    API_REQUESTS_PER_MINUTE_PER_TOKEN: '99999999',
    LOG_LEVEL: 'fatal',
  };
  const profiling = options.profile
    ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]
    : [];
  const api = await startService([...profiling, entryOf('api')], env);
  const empty = await startService(
    [await bundleOf(ROOT, 'bench/api/empty-process')],
    env,
  );
  try {
    const callers = await mintCallers(folder, merchants);
    const of = (pathOf: (id: string) => string): Calls =>
      callers.map(({ merchantId, authorization }) => ({
        path: pathOf(merchantId),
        authorization,
      }));
    const wallets = of((id) => `/v1/merchants/${id}/wallet`);
    const statements = of((id) => `/v1/merchants/${id}/statement`);
    const nothing = of((id) => `/empty/${id}`);

    const rates = { wallet: [] as number[], empty: [] as number[] };
    for (const [{ url }, calls] of [
      [api, wallets],
      [api, statements],
      [empty, nothing],
    ] as const)
      await load(url, calls, { seconds: WARM_UP_SECONDS });
    // In turns, so that whatever else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round += 1) {
      const [wallet, none] = [
        await load(api.url, wallets, { seconds }),
        await load(empty.url, nothing, { seconds }),
      ];
      rates.wallet.push(wallet.requestsPerSecond);
      rates.empty.push(none.requestsPerSecond);
      say(
        `wallets ${wallet.requestsPerSecond.toFixed(0)}, empty ${none.requestsPerSecond.toFixed(0)} a second`,
      );
    }
    const [walletRate, emptyRate] = [median(rates.wallet), median(rates.empty)];
    const statement = await load(api.url, statements, { seconds });
    const half = await load(api.url, wallets, {
      seconds,
      rate: walletRate / 2,
    });
    const statementHalf = await load(api.url, statements, {
      seconds,
      rate: statement.requestsPerSecond / 2,
    });
    return {
      merchants,
      walletRequestsPerSecond: Math.round(walletRate),
      emptyRequestsPerSecond: Math.round(emptyRate),
      ratio: Math.round((walletRate / emptyRate) * 1_000) / 1_000,
      medianMs: percentile(half.latenciesMs, 50),
      p99Ms: percentile(half.latenciesMs, 99),
      statementRequestsPerSecond: Math.round(statement.requestsPerSecond),
      statementMedianMs: percentile(statementHalf.latenciesMs, 50),
      statementP99Ms: percentile(statementHalf.latenciesMs, 99),
    };
  } finally {
    await Promise.all([api.stop(), empty.stop()]);
    await rm(folder, { recursive: true });
  }
}

/** Spread evenly over all merchants. */
async function mintCallers(folder: string, merchants: number) {
  return Promise.all(
    Array.from({ length: CALLERS }, async (_, i) => {
      const merchantId = merchantIdOf(Math.floor((i * merchants) / CALLERS));
      const token = await mintToken(folder, {
        role: 'merchant',
        merchantId,
        lifetimeSeconds: TOKEN_SECONDS,
      });
      return { merchantId, authorization: `Bearer ${token}` };
    }),
  );
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}

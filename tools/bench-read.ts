import { Client } from 'pg';
import {
  countEntries,
  createPool,
  migrate,
  SHARDS_AT_A_TIME,
  verifyLedger,
  type Pool,
} from '@app/ledger/postgres';
import { median } from './bench/median.js';
import {
  fillLedger,
  SHARD_COUNT,
  type FilledLedger,
  type LedgerSize,
} from './bench/long-ledger.js';
import { openReader, READS, type Read } from './bench/reads.js';
import { onTemporaryPostgres } from './bench/temporary-postgres.js';
import { startVerifiers, threadsWorth } from './ledger/verify-threads.js';
import { leaveNothingRunning } from './stack/daemon.js';
import { runCommand } from './support/cli.js';
import { parseCount } from './support/parse-count.js';
import { ProgressLine } from './support/progress-line.js';

const USAGE = `Usage: npm run bench:read -- [options]

Measures how fast a ledger is read, and how that grows with its history: a small ledger and a large one are filled in
one PostgreSQL, and read in turns. The median of many calls counts, of merchants with very long histories, with warm
caches. The large ledger is then verified, whole.

Options:
  --small <postings>  default 100000
  --large <postings>  default 10000000; takes about 6 GB on disk, and some minutes
  --calls <number>    of each kind, on each ledger; default 200
  --json              one JSON object on standard output
  -h, --help          this help
`;

const LEAST_POSTINGS = 10_000;
const WARM_UP_CALLS = 20;

interface Figures {
  medianMs: Record<Read, [small: number, large: number]>;
  verifyEntriesPerSecond: number;
  /** Microseconds that this process computes for an entry: steadier than the time, where others are at work too. */
  verifyCpuMicros: number;
  postings: [small: number, large: number];
  merchants: [small: number, large: number];
  entriesVerified: number;
}

await runCommand(
  {
    usage: USAGE,
    options: {
      small: { type: 'string', default: '100000' },
      large: { type: 'string', default: '10000000' },
      calls: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
    },
  },
  async ({ small, large, calls, json }) => {
    const sizes = {
      small: parseCount('small', small, LEAST_POSTINGS),
      large: parseCount('large', large, LEAST_POSTINGS),
      calls: parseCount('calls', calls, 1),
    };
    leaveNothingRunning();
    const figures = await onTemporaryPostgres((url) => measure(url, sizes));
    process.stdout.write(
      json ? `${JSON.stringify(figures)}\n` : table(figures),
    );
  },
);

async function measure(
  largeUrl: string,
  sizes: { small: number; large: number; calls: number },
): Promise<Figures> {
  const smallUrl = await createSmallDatabase(largeUrl);
  const small = await fill('small', smallUrl, {
    postings: sizes.small,
    roundsACommit: 4,
  });
  const large = await fill('large', largeUrl, {
    postings: sizes.large,
    roundsACommit: 100,
  });
  const medianMs = await measureReads(
    [
      [smallUrl, small],
      [largeUrl, large],
    ],
    sizes.calls,
  );
  const { entries, seconds, cpuMicros } = await withPool(
    largeUrl,
    { isForRows: true },
    (pool) => verify(pool, largeUrl),
  );
  return {
    medianMs,
    verifyEntriesPerSecond: Math.round(entries / seconds),
    verifyCpuMicros: Math.round((cpuMicros / entries) * 100) / 100,
    postings: [small.postings, large.postings],
    merchants: [small.merchants, large.merchants],
    entriesVerified: entries,
  };
}

async function createSmallDatabase(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE DATABASE small');
  await client.end();
  const small = new URL(url);
  small.pathname = '/small';
  await migrate(small.href, { shardCount: SHARD_COUNT });
  return small.href;
}

function fill(
  name: string,
  url: string,
  size: LedgerSize,
): Promise<FilledLedger> {
  return withPool(url, { isForRows: false }, async (pool) => {
    const startMs = performance.now();
    const line = new ProgressLine(process.stderr);
    const filled = await fillLedger(pool, size, (postings) =>
      line.show(
        `${name} ledger, postings`,
        postings,
        Math.max(postings, size.postings),
      ),
    );
    line.done();
    say(`${name} ledger filled`, startMs);
    return filled;
  });
}

async function measureReads(
  ledgers: readonly [url: string, ledger: FilledLedger][],
  calls: number,
): Promise<Figures['medianMs']> {
  const readers = await Promise.all(
    ledgers.map(([url, ledger]) => openReader(url, ledger)),
  );
  const medians = {} as Figures['medianMs'];
  try {
    for (const read of READS) {
      const startMs = performance.now();
      const taken = readers.map((): number[] => []);
      // In turns, so that whatever else the machine does falls on both.
      for (let call = -WARM_UP_CALLS; call < calls; call += 1)
        for (const [i, reader] of readers.entries()) {
          const ms = await timed(reader.read[read]);
          if (call >= 0) taken[i]!.push(ms);
        }
      medians[read] = taken.map(medianMsOf) as [number, number];
      say(`${read} ${medians[read].join(' ms, ')} ms`, startMs);
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
  return medians;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function medianMsOf(tookMs: readonly number[]): number {
  return Math.round(median(tookMs) * 1_000) / 1_000;
}

async function verify(
  pool: Pool,
  databaseUrl: string,
): Promise<{ entries: number; seconds: number; cpuMicros: number }> {
  const shards = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
  const line = new ProgressLine(process.stderr);
  const total = Number(await countEntries(pool, shards));
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const verifiers = await startVerifiers(
    pool,
    threadsWorth(total, shards.length),
    { databaseUrl, seal: null },
  );
  const entries = await verifyLedger(pool, {
    shards,
    verifiers: verifiers.all,
    onFinding: ({ problem }) => {
      throw new Error(`the ledger is wrong: ${problem}`);
    },
    onProgress: (done) => line.show('verified', Number(done), total),
  });
  line.done();
  await verifiers.stop();
  const seconds = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(startCpu);
  return { entries: Number(entries), seconds, cpuMicros: user + system };
}

async function withPool<Result>(
  url: string,
  { isForRows }: { isForRows: boolean },
  work: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  const pool = createPool(url, {
    applicationName: 'bench-read',
    maxConnections: SHARDS_AT_A_TIME,
    isForRows,
  });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

function say(what: string, startMs: number): void {
  const seconds = (performance.now() - startMs) / 1_000;
  process.stderr.write(`${what}, in ${seconds.toFixed(1)} s\n`);
}

function table({ medianMs, ...figures }: Figures): string {
  const lines = READS.map((read) => {
    const [small, large] = medianMs[read];
    return `${read.padEnd(14)} ${small.toFixed(2).padStart(8)} ms ${large.toFixed(2).padStart(8)} ms  ${(large / small).toFixed(2)} times`;
  });
  return [
    `postings       ${figures.postings.join(', ')}`,
    ...lines,
    `verified       ${figures.verifyEntriesPerSecond} entries a second, ${figures.verifyCpuMicros} µs of this process each`,
    '',
  ].join('\n');
}

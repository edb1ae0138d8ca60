import type { Finding } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import { describeError } from '@app/platform/describe-error';
import { UsageError, UserError } from '../support/cli.js';
import { findKnownHeads, type SealSources } from './known-heads.js';
import { ProgressLine } from '../support/progress-line.js';

const NUMBER = new Intl.NumberFormat('en-US');
/** Found and kept to be told; more are counted. */
const MOST_FINDINGS = 100;

export interface VerifyOptions {
  /** Null for all. */
  shard: number | null;
  /** How many verify shards beside this one; null for as many as the machine and the ledger are worth. */
  threads: number | null;
  /** What to compare with what was sealed; null where the seal is not looked at. */
  seal: SealSources | null;
  asJson: boolean;
}

interface Result {
  entries: number;
  seconds: number;
  entriesPerSecond: number;
  /** How far it was compared with the seal; null where it was not. */
  sealedPositions: number | null;
  comparedWith: { source: string; size: number }[];
  /** How many there are; told are the first hundred. */
  findingCount: number;
  findings: Finding[];
}

/**
 * Verifies the ledger and prints what was found.
 *
 * @returns the exit status: 1 where something is wrong
 * @throws UserError where the ledger cannot be read
 */
export async function verify(
  databaseUrl: string,
  { shard, threads, seal, asJson }: VerifyOptions,
): Promise<number> {
  // Loaded late: it takes a while to load, and wrong arguments are told without it.
  const { createPool, SHARDS_AT_A_TIME } = await import('@app/ledger/postgres');
  const pool = createPool(databaseUrl, {
    applicationName: 'ledger-verify',
    // One more looks up where entries are sealed.
    maxConnections: SHARDS_AT_A_TIME + 1,
    isForRows: true,
  });
  try {
    const shards = await shardsToVerify(pool, shard);
    const result = await verifyShards(pool, {
      databaseUrl,
      shards,
      threads,
      seal,
    }).catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      throw new UserError(
        `The ledger cannot be read to its end: ${describeError(error)}.`,
      );
    });
    process.stdout.write(
      asJson ? `${JSON.stringify(result, null, 2)}\n` : told(result, shard),
    );
    return result.findingCount === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}

async function shardsToVerify(
  pool: Pool,
  shard: number | null,
): Promise<number[]> {
  const { readShardCount } = await import('@app/ledger/postgres');
  const count = await readShardCount(pool).catch((error: unknown) => {
    throw new UserError(
      `The ledger cannot be read (${describeError(error)}): run npm start first, or set DATABASE_URL.`,
    );
  });
  if (shard === null) return Array.from({ length: count }, (_, i) => i);
  if (shard >= count)
    throw new UsageError(
      `--shard is "${shard}": this ledger has shards from 0 to ${count - 1}.`,
    );
  return [shard];
}

interface Verification extends Pick<VerifyOptions, 'threads' | 'seal'> {
  databaseUrl: string;
  shards: number[];
}

async function verifyShards(
  pool: Pool,
  { databaseUrl, shards, threads, seal }: Verification,
): Promise<Result> {
  const { countEntries, verifyLedger } = await import('@app/ledger/postgres');
  const { verifyPrograms } = await import('@app/programs/postgres');
  const { SealVerifier } = await import('@app/sealing/postgres');
  const { startVerifiers, threadsWorth } = await import('./verify-threads.js');
  const startMs = performance.now();
  const total = Number(await countEntries(pool, shards));
  // Beside what is printed as the result, which may go into a file.
  const line = new ProgressLine(process.stderr);
  const findings: Finding[] = [];
  let findingCount = 0;
  const onFinding = (finding: Finding) => {
    findingCount += 1;
    if (findingCount <= MOST_FINDINGS) findings.push(finding);
  };
  const known = seal && (await findKnownHeads(pool, seal));
  const sealVerifier = known && (await SealVerifier.create(pool));
  const verifiers = await startVerifiers(
    pool,
    threads ?? threadsWorth(total, shards.length),
    {
      databaseUrl,
      seal: sealVerifier && { lastBlock: sealVerifier.lastBlock },
    },
    (shard, block) => sealVerifier?.takeOtherBalances(shard, block),
  );
  const entries = Number(
    await verifyLedger(pool, {
      shards,
      verifiers: verifiers.all,
      onFinding,
      ...(sealVerifier
        ? { onPage: (shard, page) => sealVerifier.take(shard, page) }
        : {}),
      onProgress: (verified) =>
        line.show(
          'verified',
          Number(verified),
          Math.max(total, Number(verified)),
        ),
    }).finally(() => verifiers.stop()),
  );
  line.done();
  (await verifyPrograms(pool)).forEach(onFinding);
  if (known && sealVerifier) {
    known.findings.forEach(onFinding);
    for await (const finding of sealVerifier.end(known.heads, known.log))
      onFinding(finding);
    await sealVerifier.close();
  }
  const seconds = (performance.now() - startMs) / 1_000;
  return {
    entries,
    seconds: Math.round(seconds * 1_000) / 1_000,
    entriesPerSecond: Math.round(entries / seconds),
    sealedPositions: sealVerifier?.size ?? null,
    comparedWith:
      known?.heads.map(({ source, size }) => ({ source, size })) ?? [],
    findingCount,
    findings,
  };
}

function told(
  {
    entries,
    seconds,
    entriesPerSecond,
    sealedPositions,
    comparedWith,
    findingCount,
    findings,
  }: Result,
  shard: number | null,
): string {
  const what = `${NUMBER.format(entries)} entries${shard === null ? '' : ` of shard ${shard}`}`;
  const speed = `in ${seconds.toFixed(1)} s, ${NUMBER.format(entriesPerSecond)} a second`;
  const untold = findingCount - findings.length;
  return [
    ...findings.map(({ problem }) => problem),
    ...(untold > 0 ? [`and ${NUMBER.format(untold)} more`] : []),
    ...comparedWith.map(
      ({ source, size }) =>
        `compared with ${source} of ${NUMBER.format(size)} positions`,
    ),
    ...(sealedPositions === 0 ? ['nothing is sealed yet'] : []),
    findingCount === 0
      ? `all right: ${what} verified ${speed}`
      : `wrong: ${NUMBER.format(findingCount)} found in ${what}, ${speed}`,
    '',
  ].join('\n');
}

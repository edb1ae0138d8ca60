import { hash } from 'node:crypto';
import { join } from 'node:path';
import { ensureAppsBuilt } from '../support/build-apps.js';
import { UserError } from '../support/cli.js';
import { ROOT } from '../support/paths.js';
import { pause } from '../support/pause.js';
import { appPart } from './app.js';
import { Board, type Display } from './board.js';
import { LedgerCounts } from './counts.js';
import type { DataFolder } from './data-folder.js';
import { startKafka } from './kafka.js';
import { ensureKafkaJars } from './kafka-jars.js';
import { rotateLog } from './log-file.js';
import { startPostgres } from './postgres.js';
import { ensureSealKey, SEAL_ORIGIN } from './seal-key.js';
import { Supervisor, type PartOptions } from './supervisor.js';
import { ensureTokenIssuer } from './token-key.js';
import { createTopics } from './topics.js';

export interface StackOptions {
  folder: DataFolder;
  apiPort: number;
  kafkaPort: number;
  postgresPort: number;
  /** Whether the simulator runs. */
  traffic: boolean;
  /** A PostgreSQL to use instead of the stack's own. */
  databaseUrl?: string | undefined;
  /** Kafka brokers to use instead of the stack's own, `host:port`, several parted by commas. */
  brokers?: string | undefined;
}

/** Fixed for the life of an installation. */
const SHARD_COUNT = 64;
const COUNTS_INTERVAL_MS = 1_000;

/** The reverse of this order stops everything; with the time that each app, Kafka and PostgreSQL get, within 15 s. */
const PARTS = [
  'postgres',
  'kafka',
  'sealer',
  'granter',
  'promoter',
  'api',
  'simulator',
];
const APP_STOPS_WITHIN_MS = {
  sealer: 1_400,
  granter: 2_500,
  promoter: 2_500,
  api: 1_500,
  simulator: 1_500,
};

/** The whole system on this machine. */
export class Stack {
  readonly #board: Board;
  readonly #supervisors = new Map<string, Supervisor>();
  /** Says to everything that is starting that something else has failed. */
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;

  /** @param stopRequested says when to stop */
  constructor(
    private readonly options: StackOptions,
    display: Display,
    private readonly stopRequested: AbortSignal,
  ) {
    this.#board = new Board(display, ['build', ...PARTS]);
    this.#signal = AbortSignal.any([stopRequested, this.#failed.signal]);
  }

  /**
   * Starts everything, runs until told to stop, and stops everything in order, whatever happened.
   *
   * @throws what kept it from starting
   */
  async run(): Promise<void> {
    try {
      const addresses = await this.#start();
      this.#board.say(`ready http://127.0.0.1:${this.options.apiPort}`);
      await this.#showCounts(addresses);
    } catch (error) {
      if (!this.stopRequested.aborted) throw error;
    } finally {
      await this.#stop();
    }
  }

  async #start(): Promise<Addresses> {
    const [databaseUrl, brokers] = await this.#together([
      this.#preparePostgres(),
      this.#prepareKafka(),
      this.#build(),
    ]);
    const addresses = { databaseUrl, brokers };
    const apps = await this.#appsOf(addresses);
    await this.#together(apps.map((app) => this.#supervise(app)));
    return addresses;
  }

  /** @returns the URL of a database with the current schema */
  async #preparePostgres(): Promise<string> {
    const databaseUrl = await this.#startPostgres();
    // Loaded late: what it brings with it takes longer to load than PostgreSQL takes to start.
    const { migrate } = await import('@app/ledger/postgres');
    await migrate(databaseUrl, { shardCount: SHARD_COUNT }).catch(
      ({ message }: Error) => {
        throw new UserError(`The database cannot be migrated: ${message}.`);
      },
    );
    return databaseUrl;
  }

  /** @returns brokers that have every topic */
  async #prepareKafka(): Promise<string> {
    const brokers = await this.#startKafka();
    await createTopics(brokers, SHARD_COUNT).catch(({ message }: Error) => {
      throw new UserError(`The topics cannot be created: ${message}.`);
    });
    return brokers;
  }

  async #startPostgres(): Promise<string> {
    const { databaseUrl, folder, postgresPort } = this.options;
    if (databaseUrl !== undefined) {
      this.#board.update('postgres', {
        state: 'elsewhere',
        where: withoutPassword(databaseUrl),
      });
      return databaseUrl;
    }
    const logFile = folder.logFile('postgres');
    const { where } = await this.#supervise({
      name: 'postgres',
      logFile,
      launch: async (signal) => {
        const { url, exited, stop } = await startPostgres({
          dir: folder.postgres,
          port: postgresPort,
          logFile,
          pidFile: folder.pidFile('postgres'),
          signal,
        });
        return { where: url, exited, stop };
      },
    });
    return where;
  }

  async #startKafka(): Promise<string> {
    const { brokers, folder, kafkaPort } = this.options;
    if (brokers !== undefined) {
      this.#board.update('kafka', { state: 'elsewhere', where: brokers });
      return brokers;
    }
    const libDir = await ensureKafkaJars(
      (detail) => this.#board.update('kafka', { state: 'starting', detail }),
      this.#signal,
    );
    const logFile = folder.logFile('kafka');
    const { where } = await this.#supervise({
      name: 'kafka',
      logFile,
      launch: async (signal) => {
        const { brokers, exited, stop } = await startKafka({
          dir: folder.kafka,
          port: kafkaPort,
          logFile,
          pidFile: folder.pidFile('kafka'),
          libDir,
          signal,
        });
        return { where: brokers, exited, stop };
      },
    });
    return where;
  }

  async #build(): Promise<void> {
    await ensureAppsBuilt(
      (detail) => this.#board.update('build', { state: 'starting', detail }),
      this.#signal,
    );
    this.#board.update('build', { state: 'ready' });
  }

  async #appsOf({ databaseUrl, brokers }: Addresses): Promise<PartOptions[]> {
    const { folder, apiPort, traffic } = this.options;
    const sealDir = folder.seal(
      this.options.databaseUrl && shortHash(withoutPassword(databaseUrl)),
    );
    const env = {
      // Production takes no token of the key that is made here.
      NODE_ENV: 'development',
      AUTH_ISSUERS: JSON.stringify([await ensureTokenIssuer(folder.tokens)]),
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: brokers,
      PROGRAMS_DIR: join(ROOT, 'programs'),
      SEAL_DIR: sealDir,
      SEAL_KEY_FILE: await ensureSealKey(sealDir),
      SEAL_ORIGIN,
      LOG_DIR: join(sealDir, 'log'),
    };
    const app = (name: keyof typeof APP_STOPS_WITHIN_MS, port?: number) =>
      appPart({
        name,
        folder,
        env,
        portVariable: port === undefined ? 'HEALTH_PORT' : 'API_PORT',
        ...(port === undefined ? {} : { port }),
        stopWithinMs: APP_STOPS_WITHIN_MS[name],
      });
    const apps = [
      app('sealer'),
      app('granter'),
      app('promoter'),
      app('api', apiPort),
    ];
    if (traffic) apps.push(app('simulator'));
    else
      this.#board.update('simulator', { state: 'off', detail: '--no-traffic' });
    return apps;
  }

  async #supervise(part: PartOptions) {
    rotateLog(part.logFile);
    const supervisor = new Supervisor(part, this.#board, this.#signal);
    this.#supervisors.set(part.name, supervisor);
    return supervisor.start();
  }

  /** Like `Promise.all`, but lets the others end before it rejects, and tells them to. */
  async #together<const Tasks extends Promise<unknown>[]>(
    tasks: Tasks,
  ): Promise<{ -readonly [Index in keyof Tasks]: Awaited<Tasks[Index]> }> {
    const all = Promise.all(tasks);
    all.catch(() => this.#failed.abort());
    await Promise.allSettled(tasks);
    return all as Promise<never>;
  }

  async #showCounts({ databaseUrl, brokers }: Addresses): Promise<void> {
    const counts = new LedgerCounts(
      databaseUrl,
      brokers,
      () => this.#supervisors.get('granter')?.where ?? null,
    );
    try {
      for (;;) {
        // While the database or the broker is away, the board says so, and the last counts stay.
        const read = await counts.read().catch(() => null);
        if (read) this.#board.counts(read);
        await pause(COUNTS_INTERVAL_MS, this.#signal);
      }
    } finally {
      await counts.close();
    }
  }

  async #stop(): Promise<void> {
    for (const name of PARTS.toReversed())
      await this.#supervisors.get(name)?.stop();
  }
}

interface Addresses {
  databaseUrl: string;
  brokers: string;
}

/** Tells databases apart in the name of a folder. */
function shortHash(text: string): string {
  return hash('sha256', text).slice(0, 12);
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.password = '';
  return url.href;
}

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { CallerRole } from '@app/platform';
import { DataFolder } from '../../tools/stack/data-folder.js';
import { findFreePort } from '../../tools/stack/ports.js';
import {
  isRunning,
  readProcessRecord,
  type ProcessRecord,
} from '../../tools/stack/process-record.js';
import { mintToken } from '../../tools/stack/token-key.js';
import { ROOT } from '../../tools/support/paths.js';

const READY_WITHIN_MS = 120_000;

/** `npm start` as a user runs it, with ports and a data folder of its own. */
export class TestStack {
  #run: Run | undefined;

  private constructor(
    private readonly dataDir: string,
    private readonly ports: { api: number; kafka: number; postgres: number },
  ) {}

  static async create(): Promise<TestStack> {
    const dataDir = await mkdtemp(join(tmpdir(), 'ledger-stack-'));
    const [api, kafka, postgres] = await Promise.all([
      findFreePort(),
      findFreePort(),
      findFreePort(),
    ]);
    return new TestStack(dataDir, { api, kafka, postgres });
  }

  /** Everything that it has printed since it was last started. */
  get lines(): readonly string[] {
    return this.#run?.lines ?? [];
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }

  /** The header of a call to the api by somebody with a role, as `npm run token` would make it. */
  async authorization(
    role: CallerRole,
    merchantId?: string,
  ): Promise<Record<string, string>> {
    const { tokens } = new DataFolder(this.dataDir);
    const bearer = { role, merchantId, lifetimeSeconds: 300 };
    return { authorization: `Bearer ${await mintToken(tokens, bearer)}` };
  }

  /** What `npm run token` prints, as a user runs it. */
  async npmRunToken(...options: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      'npm',
      ['run', '--silent', 'token', '--', ...options],
      { cwd: ROOT, env: { ...process.env, DATA_DIR: this.dataDir } },
    );
    return stdout.trim();
  }

  get databaseUrl(): string {
    return `postgres://postgres@127.0.0.1:${this.ports.postgres}/ledger`;
  }

  get kafkaBrokers(): string {
    return `127.0.0.1:${this.ports.kafka}`;
  }

  /**
   * Starts it and waits for its line `ready`.
   *
   * @param options of `npm start`, such as `--no-traffic`
   * @throws Error with all that it has printed where it ends, or is not ready within two minutes
   */
  async start(...options: string[]): Promise<void> {
    const startedAtMs = Date.now();
    const run = this.#spawn(options);
    this.#run = run;
    let ended = false;
    void run.ended.then(() => {
      ended = true;
    });
    while (!this.lines.includes(`ready ${this.apiUrl}`)) {
      if (ended || Date.now() - startedAtMs > READY_WITHIN_MS)
        throw new Error(`npm start is not ready:\n${this.lines.join('\n')}`);
      await sleep(50);
    }
  }

  /** Runs another one to its end, for starts that are to fail; answers all that it has printed. */
  async startInVain(...options: string[]): Promise<string[]> {
    const { ended, lines } = this.#spawn(options);
    if ((await ended) === 0) throw new Error('npm start did not fail');
    return lines;
  }

  /** The processes that run, by name: granter, promoter, api, simulator, kafka, postgres. */
  processes(): Map<string, ProcessRecord> {
    const folder = join(this.dataDir, 'run');
    const found = readdirSync(folder)
      .filter((file) => file.endsWith('.pid'))
      .map(
        (file) =>
          [
            file.slice(0, -'.pid'.length),
            readProcessRecord(join(folder, file)),
          ] as const,
      )
      .filter(
        (entry): entry is [string, ProcessRecord] =>
          entry[1] !== null && isRunning(entry[1]),
      );
    return new Map(found);
  }

  /** Kills one of {@link processes}, as a crash would; it is started again. */
  kill(name: string): void {
    const record = this.processes().get(name);
    if (!record) throw new Error(`${name} does not run`);
    process.kill(record.pid, 'SIGKILL');
  }

  /** Sends SIGTERM to npm and waits for its end; answers the milliseconds that takes. */
  async stop(): Promise<number> {
    const askedAtMs = Date.now();
    this.#run?.npm.kill('SIGTERM');
    await this.#run?.ended;
    return Date.now() - askedAtMs;
  }

  /** Kills npm, the start command and every process of the stack at one moment. */
  async killEverything(): Promise<void> {
    const pids = [...this.processes().values()].map(({ pid }) => pid);
    // npm leads a process group, which the start command is in and its background processes are not.
    process.kill(-this.#run!.npm.pid!, 'SIGKILL');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await this.#run!.ended;
  }

  /** Removes its data. */
  async remove(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true });
  }

  #spawn(options: string[]): Run {
    const { api, kafka, postgres } = this.ports;
    const args = [
      'start',
      '--',
      '--plain',
      `--api-port=${api}`,
      `--kafka-port=${kafka}`,
      `--postgres-port=${postgres}`,
      ...options,
    ];
    const npm = spawn('npm', args, {
      cwd: ROOT,
      env: {
        ...process.env,
        DATA_DIR: this.dataDir,
        DATABASE_URL: '',
        KAFKA_BROKERS: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const lines: string[] = [];
    for (const stream of [npm.stdout, npm.stderr])
      createInterface({ input: stream }).on('line', (line) => lines.push(line));
    const ended = new Promise<number | null>((resolve) =>
      npm.once('close', resolve),
    );
    return { npm, lines, ended };
  }
}

interface Run {
  npm: ChildProcess;
  lines: string[];
  /** npm's exit status. */
  ended: Promise<number | null>;
}

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../support/cli.js';
import { ROOT, shortPath } from '../support/paths.js';
import {
  isRunning,
  readProcessRecord,
  stopRecordedProcess,
  writeProcessRecord,
} from './process-record.js';

/** In the command line of every `npm start`, as `tools/run.mjs` is given it. */
const OWN_MARKER = 'run.mjs start';
const LEFTOVER_STOPS_WITHIN_MS = 5_000;

/** Where a stack keeps everything that outlives it: data, logs, and which processes are its own. */
export class DataFolder {
  readonly #path: string;

  /** @param path `.data` in the checkout by default */
  constructor(path = join(ROOT, '.data')) {
    this.#path = resolve(path);
  }

  get postgres(): string {
    return join(this.#path, 'postgres');
  }

  get kafka(): string {
    return join(this.#path, 'kafka');
  }

  /** The log of the stack's own PostgreSQL, with its key; `database` names another PostgreSQL's. */
  seal(database?: string): string {
    return join(this.#path, database ? `seal-${database}` : 'seal');
  }

  /** The key that signs the tokens of this stack, and what verifies them. */
  get tokens(): string {
    return join(this.#path, 'tokens');
  }

  logFile(name: string): string {
    return join(this.#path, 'logs', `${name}.log`);
  }

  pidFile(name: string): string {
    return join(this.#runFolder, `${name}.pid`);
  }

  get #runFolder(): string {
    return join(this.#path, 'run');
  }

  /**
   * Takes the folder for this process.
   *
   * @returns gives it back
   * @throws UserError where another start has it
   */
  lock(): () => void {
    const file = join(this.#runFolder, 'start.lock');
    mkdirSync(this.#runFolder, { recursive: true });
    const holder = readProcessRecord(file);
    if (holder && holder.pid !== process.pid && isRunning(holder))
      throw new UserError(
        `Process ${holder.pid} runs a stack in ${shortPath(this.#path)} already: stop it first.`,
      );
    writeProcessRecord(file, {
      pid: process.pid,
      marker: OWN_MARKER,
      stopSignal: 'SIGTERM',
    });
    return () => rmSync(file, { force: true });
  }

  /**
   * Stops what a killed run left running.
   *
   * @returns the names of what was still there
   */
  async stopLeftovers(): Promise<string[]> {
    const names = readdirSync(this.#runFolder)
      .filter((file) => file.endsWith('.pid'))
      .map((file) => file.slice(0, -'.pid'.length));
    const stopped = await Promise.all(
      names.map((name) =>
        stopRecordedProcess(this.pidFile(name), LEFTOVER_STOPS_WITHIN_MS),
      ),
    );
    return names.filter((_, index) => stopped[index]);
  }

  /** Removes all data and logs, and nothing that others may have put beside them. */
  async wipe(): Promise<void> {
    const logs = join(this.#path, 'logs');
    for (const path of [
      this.postgres,
      this.kafka,
      this.seal(),
      this.tokens,
      logs,
    ])
      await rm(path, { recursive: true, force: true });
  }
}

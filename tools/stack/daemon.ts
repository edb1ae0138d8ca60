import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { readLogTail } from './log-file.js';
import { writeProcessRecord, type ProcessRecord } from './process-record.js';

export interface DaemonOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Takes both output streams; appended to. */
  logFile: string;
  /** Where the process is recorded while it runs, for a start after this program was killed. */
  pidFile: string;
  marker: ProcessRecord['marker'];
  stopSignal: ProcessRecord['stopSignal'];
  /** Opens a channel whose end tells the child that this program is gone. */
  ipc?: boolean;
}

export interface Exit {
  status: number | null;
  /** Why, for people: "ended with status 1", "was killed by SIGKILL". */
  reason: string;
}

const running = new Set<Daemon>();

/** Kills everything that {@link Daemon} started, at once and without order. */
export function killAllDaemons(): void {
  for (const daemon of running) daemon.kill();
}

/** However this program ends, nothing that it started stays. */
export function leaveNothingRunning(): void {
  process.once('exit', killAllDaemons);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(1));
}

/** A background process with its log and its record; it outlives a killed parent unless it notices. */
export class Daemon {
  readonly name: string;
  readonly logFile: string;
  /** Resolves when the process has ended, or could not be started. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #stopSignal: NodeJS.Signals;

  constructor(options: DaemonOptions) {
    const { name, logFile, pidFile, marker, stopSignal } = options;
    this.name = name;
    this.logFile = logFile;
    this.#stopSignal = stopSignal;
    for (const file of [logFile, pidFile])
      mkdirSync(dirname(file), { recursive: true });
    const log = openSync(logFile, 'a');
    this.#child = spawn(options.command, options.args, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', log, log, ...(options.ipc ? ['ipc' as const] : [])],
      // Ctrl-C on a terminal goes to its whole process group: we stop things ourselves, in order.
      detached: true,
    });
    closeSync(log);
    const { pid } = this.#child;
    if (pid !== undefined)
      writeProcessRecord(pidFile, { pid, marker, stopSignal });
    running.add(this);
    this.exited = new Promise<Exit>((resolve) => {
      this.#child.once('error', ({ message }) =>
        resolve({ status: null, reason: `does not start: ${message}` }),
      );
      this.#child.once('exit', (status, signal) =>
        resolve({
          status,
          reason: signal
            ? `was killed by ${signal}`
            : `ended with status ${status}`,
        }),
      );
    }).finally(() => {
      running.delete(this);
      rmSync(pidFile, { force: true });
    });
  }

  /** Asks the process to stop in order, kills it where that takes longer than `withinMs`, and waits for its end. */
  async stop(withinMs: number): Promise<void> {
    this.#child.kill(this.#stopSignal);
    const timer = setTimeout(() => this.kill(), withinMs);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Its last words. */
  logTail(lines = 10): string[] {
    return readLogTail(this.logFile, lines);
  }
}

import { shortPath } from '../support/paths.js';
import { pause } from '../support/pause.js';
import type { Board } from './board.js';
import type { Exit } from './daemon.js';
import { readLogTail } from './log-file.js';
import { NotReadyError, WRONG_CONFIGURATION } from './wait-until-ready.js';

/** A part of the stack that is up and answers. */
export interface RunningPart {
  exited: Promise<Exit>;
  stop: () => Promise<void>;
  /** Where it can be reached, for people. */
  where: string;
  /** Rejects, and says why, while it cannot do its work. */
  check?: () => Promise<unknown>;
}

export interface PartOptions {
  name: string;
  logFile: string;
  /** Resolves when the part is ready. Must leave nothing behind where it rejects. */
  launch: (signal: AbortSignal) => Promise<RunningPart>;
}

const FIRST_LAUNCH_ATTEMPTS = 3;
const LEAST_DELAY_MS = 500;
const MOST_DELAY_MS = 10_000;
const CHECK_INTERVAL_MS = 3_000;
const TAIL_LINES = 5;

/** Keeps one part of the stack running: starts it again, after a pause that grows, whenever it ends by itself. */
export class Supervisor {
  readonly #stopping = new AbortController();
  #running: RunningPart | null = null;
  #kept: Promise<void> = Promise.resolve();

  readonly #signal: AbortSignal;

  /** @param signal says that everything is to be stopped: from then on nothing is started again */
  constructor(
    private readonly options: PartOptions,
    private readonly board: Board,
    signal: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([signal, this.#stopping.signal]);
  }

  /**
   * Starts the part for the first time and keeps it running from then on.
   *
   * @throws what launching it says, where several attempts fail or another would not help
   */
  async start(): Promise<RunningPart> {
    const { name, logFile } = this.options;
    this.board.update(name, {
      state: 'starting',
      logFile: shortPath(logFile),
    });
    for (let attempt = 1; ; attempt += 1) {
      try {
        const part = await this.#launch();
        this.#kept = this.#keep(part);
        return part;
      } catch (error) {
        const mayGoBetter =
          error instanceof NotReadyError &&
          error.childStatus !== WRONG_CONFIGURATION &&
          attempt < FIRST_LAUNCH_ATTEMPTS;
        if (!mayGoBetter) throw error;
        await pause(LEAST_DELAY_MS, this.#signal);
      }
    }
  }

  /** Where the part can be reached now; null while it does not run. */
  get where(): string | null {
    return this.#running?.where ?? null;
  }

  /** Stops the part for good, once {@link start} has settled. */
  async stop(): Promise<void> {
    const { name } = this.options;
    this.board.update(name, { state: 'stopping' });
    this.#stopping.abort(new Error(`${name} is being stopped`));
    await this.#running?.stop();
    await this.#kept;
    this.board.update(name, { state: 'stopped' });
  }

  async #launch(): Promise<RunningPart> {
    const part = await this.options.launch(this.#signal);
    if (this.#signal.aborted) {
      await part.stop();
      this.#signal.throwIfAborted();
    }
    this.#running = part;
    this.board.update(this.options.name, {
      state: 'ready',
      where: part.where,
    });
    return part;
  }

  async #keep(first: RunningPart): Promise<void> {
    let part = first;
    while (!this.#signal.aborted) {
      const { reason } = await this.#watch(part);
      if (this.#signal.aborted) return;
      this.#running = null;
      this.#report(reason);
      const again = await this.#launchAgain();
      if (again === null) return;
      part = again;
    }
  }

  /** Shows whether a part can do its work, until it ends. */
  async #watch({ exited, check, where }: RunningPart): Promise<Exit> {
    const timer = setInterval(() => {
      check?.().then(
        () => this.#show({ state: 'ready', where }),
        ({ message }: Error) =>
          this.#show({ state: 'trouble', detail: message }),
      );
    }, CHECK_INTERVAL_MS);
    try {
      return await exited;
    } finally {
      clearInterval(timer);
    }
  }

  #show(change: Parameters<Board['update']>[1]): void {
    if (this.#running && !this.#signal.aborted)
      this.board.update(this.options.name, change);
  }

  /** @returns null where the part is to be stopped instead */
  async #launchAgain(): Promise<RunningPart | null> {
    let delayMs = LEAST_DELAY_MS;
    for (;;) {
      try {
        await pause(delayMs, this.#signal);
        const part = await this.#launch();
        this.board.countRestart(this.options.name);
        return part;
      } catch (error) {
        if (this.#signal.aborted) return null;
        this.board.update(this.options.name, {
          state: 'trouble',
          detail: (error as Error).message.split('\n')[0]!,
        });
        delayMs = Math.min(delayMs * 2, MOST_DELAY_MS);
      }
    }
  }

  #report(reason: string): void {
    const { name, logFile } = this.options;
    this.board.update(name, { state: 'trouble', detail: reason });
    const tail = readLogTail(logFile, TAIL_LINES).map((line) => `  ${line}`);
    this.board.say(
      [
        `${name} ${reason} and is started again; the end of ${shortPath(logFile)}:`,
        ...tail,
      ].join('\n'),
    );
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { describeError } from '@app/platform';
import { SealError } from '@app/sealing';
import {
  acquireSealLock,
  Sealer,
  type SealerOptions,
  type SealerProgress,
} from '@app/sealing/postgres';
import { BackOff } from '@app/streaming';

/**
 * From the beginning of a block to that of the next, also under load: each costs its round, and a checkpoint a second is
 * due, for which what took longer leaves the less time to wait.
 */
const BLOCK_INTERVAL_MS = 300;

/**
 * Seals what is committed, again and again. Where the database or the disk fails, it begins anew after a pause;
 * where what is stored is not what was sealed, it stands still until somebody has looked, and is not ready.
 */
export class SealerService {
  readonly #logger = new Logger(SealerService.name);
  readonly #stopping = new AbortController();
  #sealer: Sealer | undefined;
  #failure: Error | undefined;
  #running: Promise<void> | undefined;

  constructor(private readonly options: SealerOptions) {}

  /**
   * Waits for its turn, opens the log, and goes on in the background from there.
   *
   * @throws SealError where log and ledger do not agree
   * @throws Error where the database or the directory cannot be used
   */
  async start(): Promise<void> {
    let onOpened!: () => void;
    const opened = new Promise<void>((resolve) => (onOpened = resolve));
    const session = this.#session(onOpened);
    await Promise.race([opened, session]);
    this.#running = this.#run(session);
  }

  /** Ends behind the block that is being sealed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Rejects with what keeps it from sealing. */
  checkSealing(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    return this.#sealer
      ? Promise.resolve()
      : Promise.reject(
          new Error('waiting for another sealer, or opening the log'),
        );
  }

  /** Undefined while it does not seal. */
  get progress(): SealerProgress | undefined {
    return this.#sealer?.progress;
  }

  /** @returns undefined while it does not seal */
  async countUnsealed(): Promise<number | undefined> {
    return this.#sealer?.countUnsealed();
  }

  async #run(first: Promise<void>): Promise<void> {
    const backOff = new BackOff();
    for (let session = first; !this.#isStopping;) {
      try {
        await session;
      } catch (error) {
        if (this.#isStopping) return;
        this.#failure = error as Error;
        if (error instanceof SealError) {
          this.#logger.fatal(`nothing is sealed any more: ${error.message}`);
          return;
        }
        this.#logger.warn(describeError(error));
      }
      await this.#pause(backOff.nextDelayMs());
      if (this.#isStopping) return;
      session = this.#session(() => backOff.reset());
    }
  }

  /** From the lock to the first error, or the stop. */
  async #session(onOpened: () => void): Promise<void> {
    const { pool } = this.options;
    const lock = await acquireSealLock(pool, this.#stopping.signal);
    try {
      const sealer = await Sealer.open(this.options);
      this.#sealer = sealer;
      this.#failure = undefined;
      onOpened();
      while (!this.#isStopping) {
        const begunAtMs = performance.now();
        lock.assertHeld();
        await sealer.seal();
        const tookMs = performance.now() - begunAtMs;
        await this.#pause(Math.max(0, BLOCK_INTERVAL_MS - tookMs));
      }
    } finally {
      this.#sealer = undefined;
      await lock.release();
    }
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Ends early where the stop comes. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

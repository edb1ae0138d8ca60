import { Logger } from '@nestjs/common';
import { Repeater } from './repeat.js';

/** Does its task again and again, until stopped. What goes wrong is logged, and tried again with the next tick. */
export abstract class Ticker {
  readonly #repeater: Repeater;

  /** @param intervalMs from the end of one tick to the beginning of the next */
  constructor(intervalMs: number) {
    const logger = new Logger(new.target.name);
    this.#repeater = new Repeater(
      () => this.tick(),
      intervalMs,
      (error) => logger.warn(error.message),
    );
  }

  start(): void {
    this.#repeater.start();
  }

  /** Resolves when the tick under way, if any, has ended. */
  stop(): Promise<void> {
    return this.#repeater.stop();
  }

  protected abstract tick(): Promise<void>;
}

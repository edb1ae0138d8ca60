import type { LogStorage, TileFile } from '@app/transparency';
import { MemoryStorage } from './logs.js';

/** The process died. */
export class Crash extends Error {}

/**
 * A storage whose process dies at its n-th step, where each file written or removed is a step. Files of
 * one write reach the disk in an order of their own, so any part of them may be there after the crash.
 */
export class CrashingStorage implements LogStorage {
  steps = 0;
  readonly #storage: MemoryStorage;

  constructor(
    files: Map<string, Buffer>,
    readonly crashAt: number,
    readonly backwards: boolean,
  ) {
    this.#storage = new MemoryStorage(files);
  }

  async read(path: string): Promise<Buffer | undefined> {
    return this.#storage.read(path);
  }

  async write(files: readonly TileFile[]): Promise<void> {
    for (const file of this.backwards ? files.toReversed() : files) {
      this.#step();
      await this.#storage.write([file]);
    }
  }

  async remove(path: string): Promise<void> {
    this.#step();
    await this.#storage.remove(path);
  }

  #step() {
    this.steps += 1;
    if (this.steps > this.crashAt) throw new Crash();
  }
}

import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from '@app/ledger/postgres';

const EXPORTS_MAX = 2;

/** Connections for exports, which take long, so that they keep nobody else waiting; a few at a time. */
export class ExportPool implements OnApplicationShutdown {
  #running = 0;

  /** @param pool of at least two connections an export */
  constructor(private readonly pool: Pool) {}

  /**
   * Begins an export that runs until it is read to its end, or destroyed; null where too many run.
   *
   * @returns once there is something to read: what fails ahead of that fails here
   */
  async use(
    begin: (pool: Pool) => AsyncIterable<Buffer>,
  ): Promise<Readable | null> {
    if (this.#running >= EXPORTS_MAX) return null;
    this.#running += 1;
    const bytes = Readable.from(begin(this.pool));
    bytes.once('close', () => {
      this.#running -= 1;
    });
    await once(bytes, 'readable');
    return bytes;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

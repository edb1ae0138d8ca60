import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from '@app/ledger/postgres';

const EXPORTS_MAX = 2;

/** Connections for exports, which take long, so that they keep nobody else waiting; a few at a time. */
export class ExportPool implements OnApplicationShutdown {
  #running = 0;

  /** @param pool of at least two connections an export */
  constructor(private readonly pool: Pool) {}

  /** Begins an export that ends with its last piece, or when nobody takes it; null where too many run. */
  use<Piece>(
    begin: (pool: Pool) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> | null {
    if (this.#running >= EXPORTS_MAX) return null;
    return this.#run(begin);
  }

  async *#run<Piece>(
    begin: (pool: Pool) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    this.#running += 1;
    try {
      yield* begin(this.pool);
    } finally {
      this.#running -= 1;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

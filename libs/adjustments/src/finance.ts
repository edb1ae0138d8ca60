import type { Pool } from '@app/ledger/postgres';

export interface Finance {
  /** Acts as the role of adjusters. */
  pool: Pool;
  shardCount: number;
  nowMs: () => number;
}

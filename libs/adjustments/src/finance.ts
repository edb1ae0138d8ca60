import { AdjustmentRefused } from '@app/ledger';
import type { Pool, Queryable } from '@app/ledger/postgres';

/** Where proposals are read. */
export interface Ledger {
  pool: Queryable;
  shardCount: number;
}

export interface Finance extends Ledger {
  /** Acts as the role of adjusters. */
  pool: Pool;
  nowMs: () => number;
}

/** There is no proposal of that id. */
export class ProposalUnknown extends AdjustmentRefused {}

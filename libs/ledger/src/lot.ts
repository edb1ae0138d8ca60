import type { Unit } from '@app/contracts';

/** A lot as it is made, by a grant or an adjustment. */
export interface NewLot {
  /** The id of the entry that makes it. */
  lotId: string;
  merchantId: string;
  unit: Unit;
  granted: bigint;
  /** Milliseconds since the epoch; in the past already where a late event earned it. */
  expiresAtMs: number;
  program: string;
}

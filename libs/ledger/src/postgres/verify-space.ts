import { AccountSums } from './account-sums.js';
import { LotSums } from './lot-sums.js';
import { RowSpace } from './row-space.js';
import type { PageSpaces } from './stored-entries.js';

/** What holds what is known of a shard while it is verified, and is used again for the next one. */
export class VerifySpace {
  readonly pages: PageSpaces = [new RowSpace(), new RowSpace()];
  readonly accounts = new AccountSums();
  readonly lots = new LotSums();
}

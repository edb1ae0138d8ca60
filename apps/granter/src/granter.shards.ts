import type { ChainTip } from '@app/ledger';
import { ShardWriters } from '@app/streaming';
import type { GranterMessage, GranterState, GranterWork } from './grant.js';

/** The granter's writers: one for each shard of this process. */
export class GranterShards extends ShardWriters<
  GranterMessage,
  ChainTip,
  GranterState,
  GranterWork
> {}

import type { ChainTip } from '@app/ledger';
import { ShardWriters } from '@app/streaming';
import type {
  PromoterMessage,
  PromoterState,
  PromoterWork,
} from './project.js';

/** The promoter's writers: one for each shard of this process. */
export class PromoterShards extends ShardWriters<
  PromoterMessage,
  ChainTip,
  PromoterState,
  PromoterWork
> {}

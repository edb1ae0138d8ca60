import { shardOf } from '@app/contracts';
import type { MerchantPlace } from '@app/ledger';

export function placeOf(
  merchantId: string,
  shards: readonly number[],
): MerchantPlace {
  return { merchantId, shard: shardOf(merchantId, shards.length) };
}

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/**
 * The 32-bit murmur2 hash of Kafka's own Java client (`org.apache.kafka.common.utils.Utils.murmur2`),
 * as a signed integer: the hash behind the default partition of a keyed message.
 */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let h = SEED ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = Math.imul(view.getInt32(i, true), M);
    k = Math.imul(k ^ (k >>> R), M);
    h = Math.imul(h, M) ^ k;
  }
  const tail = length - i;
  if (tail >= 3) h ^= bytes[i + 2]! << 16;
  if (tail >= 2) h ^= bytes[i + 1]! << 8;
  if (tail >= 1) h = Math.imul(h ^ bytes[i]!, M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

const utf8 = new TextEncoder();

/**
 * The shard of a merchant: the partition that Kafka's default partitioner gives to a message whose key
 * is the merchant id, on a topic of `shardCount` partitions.
 *
 * @param shardCount number of shards, fixed for the life of an installation; at least 1
 */
export function shardOf(merchantId: string, shardCount: number): number {
  return (murmur2(utf8.encode(merchantId)) & 0x7fffffff) % shardCount;
}

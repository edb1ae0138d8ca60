import type { Message, PartitionMetadata } from 'kafkajs';
import { shardOf } from '../shard.js';
import { shardPartitioner } from './shard-partitioner.js';

const PARTITIONS = 12;
const partitionMetadata = Array.from(
  { length: PARTITIONS },
  (_, partitionId) => ({ partitionId }) as PartitionMetadata,
);

function partitionOf(message: Omit<Message, 'value'>): number {
  const topic = 'merchant.activity.v1';
  return shardPartitioner()({
    topic,
    partitionMetadata,
    message: { value: null, ...message },
  });
}

describe('the partition of a message', () => {
  it('is the shard of the merchant that is its key, as text or as bytes', () => {
    for (const merchantId of ['m-42', '商家', '']) {
      const shard = shardOf(merchantId, PARTITIONS);
      expect(partitionOf({ key: merchantId })).toBe(shard);
      expect(partitionOf({ key: Buffer.from(merchantId) })).toBe(shard);
    }
  });

  it('is the one that the message names, where it names one', () => {
    expect(partitionOf({ key: 'm-42', partition: 0 })).toBe(0);
    expect(partitionOf({ key: null, partition: 11 })).toBe(11);
  });

  it('is none without a key', () => {
    expect(() => partitionOf({ key: null })).toThrow(
      'merchant.activity.v1: a message without a key has no shard',
    );
  });
});

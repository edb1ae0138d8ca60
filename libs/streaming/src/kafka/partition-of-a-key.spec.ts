import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { shardOf } from '@app/contracts';

/** The partition that a producer gives to a key among as many as there are shards. */
function partitionOf(key: string, shardCount: number): number {
  const partitionMetadata = Array.from({ length: shardCount }, (_, i) => ({
    partitionErrorCode: 0,
    partitionId: i,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));
  return Partitioners.DefaultPartitioner()({
    topic: 'merchant.activity.v1',
    partitionMetadata,
    message: { key, value: null },
  });
}

describe('the shard of a merchant', () => {
  it('is the partition where Kafka’s default partitioner puts their messages', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.integer({ min: 1, max: 64 }),
        (merchantId, shardCount) => {
          expect(shardOf(merchantId, shardCount)).toBe(
            partitionOf(merchantId, shardCount),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

import type { ICustomPartitioner } from 'kafkajs';
import { shardOf } from '../shard.js';

/**
 * For kafkajs's `createPartitioner`: a message goes to the partition of its merchant's shard, or to the one that it
 * names itself. The same as Kafka's own default, whatever the default of the client's version is.
 */
export const shardPartitioner: ICustomPartitioner =
  () =>
  ({ topic, partitionMetadata, message }) => {
    if (message.partition !== undefined) return message.partition;
    if (message.key === null || message.key === undefined)
      throw new Error(`${topic}: a message without a key has no shard`);
    return shardOf(message.key.toString(), partitionMetadata.length);
  };

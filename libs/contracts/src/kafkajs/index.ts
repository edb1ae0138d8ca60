export * from './event-producer.js';
export * from './shard-partitioner.js';

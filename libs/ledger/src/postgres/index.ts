export * from './as-of/index.js';
export * from './asking/index.js';
export * from './binary-array.js';
export { EntryCursor } from './entry-cursor.js';
export * from './first-wrong-entry.js';
export * from './head.js';
export * from './journal-writer.js';
export * from './leases.js';
export * from './lot-standings.js';
export * from './lots.js';
export * from './migrate.js';
export * from './pool.js';
export * from './queryable.js';
export * from './read.js';
export * from './rebuild.js';
export * from './reconcile/index.js';
export * from './roles.js';
export * from './seen-events.js';
export * from './statement.js';
export * from './stored-entries.js';
export {
  ShardReader,
  SHARDS_AT_A_TIME,
  shardReaders,
  type ShardListener,
  type ShardVerifier,
  type VerifiedPage,
} from './verify-shard.js';
export * from './verify.js';

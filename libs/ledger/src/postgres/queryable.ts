import type { PoolClient } from './pool.js';

/** A pool, or a connection of one. */
export type Queryable = Pick<PoolClient, 'query'>;

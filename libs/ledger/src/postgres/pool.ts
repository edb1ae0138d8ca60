import { Pool, types, type PoolClient } from 'pg';
import { GatheringSocket } from './gathering-socket.js';
import { lendingSocket } from './lending-socket.js';
import type { Role } from './roles.js';

export type { Pool, PoolClient } from 'pg';

const { builtins } = types;

/** int8 as bigint, timestamptz as Date: amounts and sequences never pass through a double. */
const exactTypes: NonNullable<ConstructorParameters<typeof Pool>[0]>['types'] =
  {
    getTypeParser: (oid, format) =>
      oid === builtins.INT8 || oid === builtins.NUMERIC
        ? (text: string) => BigInt(text)
        : (types.getTypeParser(oid, format) as (text: string) => unknown),
  };

export interface PoolOptions {
  /** Shown in pg_stat_activity. */
  applicationName: string;
  maxConnections: number;
  /** Acted as from the first statement on; by default the role that logs in. */
  role?: Role;
  /** The longest that a statement may take; by default a minute. */
  statementTimeoutMs?: number;
  /** Whether it only reads, and every transaction sees one moment; by default it may write. */
  readsMoments?: boolean;
  /** Whether it is for reading millions of rows as they are sent. */
  isForRows?: boolean;
  /** Whether statements are sent without waiting for each other's answers; by default they are, but COPY cannot be. */
  pipeline?: boolean;
}

export function createPool(databaseUrl: string, options: PoolOptions): Pool {
  const pipeline = options.pipeline ?? !options.isForRows;
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: options.statementTimeoutMs ?? 60_000,
    types: exactTypes,
    pipeline,
    ...(pipeline ? { stream: () => new GatheringSocket() } : {}),
    ...(options.isForRows ? { stream: lendingSocket } : {}),
    options: settingsOf(options),
  });
  // An idle connection that the server closes is replaced at the next query, which tells of lasting trouble.
  pool.on('error', () => undefined);
  return pool;
}

/** For the whole session: cheaper than statements at the start of each transaction. */
function settingsOf({ role, readsMoments }: PoolOptions): string {
  return [
    ...(role ? [`-c role=${role}`] : []),
    ...(readsMoments
      ? [
          '-c default_transaction_read_only=on',
          '-c default_transaction_isolation=repeatable\\ read',
        ]
      : []),
  ].join(' ');
}

/** Runs `work` in one transaction; rolls back where it rejects. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: Error) => {
      broken = lost;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The number of shards that this database was made with. */
export async function readShardCount(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ shard_count: number }>(
    'SELECT shard_count FROM installation',
  );
  const [installation] = rows;
  if (!installation)
    throw new Error('the database is not migrated: run `npm run migrate`');
  return installation.shard_count;
}

import { Ledger1764000000000 } from './migrations/1764000000000-ledger.js';
import { GranterState1764000000001 } from './migrations/1764000000001-granter-state.js';
import { PromoterState1764000000002 } from './migrations/1764000000002-promoter-state.js';
import { Roles1764000000003 } from './migrations/1764000000003-roles.js';
import { RunningBalances1764000000004 } from './migrations/1764000000004-running-balances.js';
import { Seal1764000000005 } from './migrations/1764000000005-seal.js';
import { AsOf1764000000006 } from './migrations/1764000000006-as-of.js';
import { Adjustments1764000000007 } from './migrations/1764000000007-adjustments.js';
import { Programs1764000000009 } from './migrations/1764000000009-programs.js';
import { Subjects1764000000010 } from './migrations/1764000000010-subjects.js';
import { Leases1764000000011 } from './migrations/1764000000011-leases.js';
import { Forgetting1764000000012 } from './migrations/1764000000012-forgetting.js';
import { ApiChanges1764000000013 } from './migrations/1764000000013-api-changes.js';
import { PromotionResults1764000000014 } from './migrations/1764000000014-promotion-results.js';
import { DryRuns1764000000015 } from './migrations/1764000000015-dry-runs.js';
import { Spending1764000000016 } from './migrations/1764000000016-spending.js';
import { ProgramChanges1764000000017 } from './migrations/1764000000017-program-changes.js';
import { Forecast1764000000018 } from './migrations/1764000000018-forecast.js';
import { JsonAsWritten1764000000020 } from './migrations/1764000000020-json-as-written.js';
import { CommitGuards1764000000021 } from './migrations/1764000000021-commit-guards.js';
import { ActivityKept1764000000022 } from './migrations/1764000000022-activity-kept.js';
import { BlocksOfNothing1764000000023 } from './migrations/1764000000023-blocks-of-nothing.js';
import { WritersNeeds1764000000024 } from './migrations/1764000000024-writers-needs.js';
import { Reconciliation1764000000019 } from './migrations/1764000000019-reconciliation.js';

/** Held while migrating, so that two starting machines take turns. Any constant; this one is ours. */
const MIGRATION_LOCK = 7_261_503;

/**
 * Brings a database to the current schema; does nothing where it is there already.
 *
 * @param shardCount recorded when the database is made; later calls must agree with it
 * @returns the names of the migrations that ran
 * @throws Error where the database was made with another number of shards
 */
export async function migrate(
  databaseUrl: string,
  { shardCount }: { shardCount: number },
): Promise<string[]> {
  // Loaded late: it takes a second, and whoever only reads or writes the ledger does without it.
  const { DataSource } = await import('typeorm');
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    migrations: [
      Ledger1764000000000,
      GranterState1764000000001,
      PromoterState1764000000002,
      Roles1764000000003,
      RunningBalances1764000000004,
      Seal1764000000005,
      AsOf1764000000006,
      Adjustments1764000000007,
      Programs1764000000009,
      Subjects1764000000010,
      Leases1764000000011,
      Forgetting1764000000012,
      ApiChanges1764000000013,
      PromotionResults1764000000014,
      DryRuns1764000000015,
      Spending1764000000016,
      ProgramChanges1764000000017,
      Forecast1764000000018,
      Reconciliation1764000000019,
      JsonAsWritten1764000000020,
      CommitGuards1764000000021,
      ActivityKept1764000000022,
      BlocksOfNothing1764000000023,
      WritersNeeds1764000000024,
    ],
    migrationsTransactionMode: 'each',
    poolSize: 2,
  });
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await dataSource.runMigrations();
    await lock.query(
      'INSERT INTO installation (shard_count) VALUES ($1) ON CONFLICT DO NOTHING',
      [shardCount],
    );
    const [installation] = (await lock.query(
      'SELECT shard_count FROM installation',
    )) as [{ shard_count: number }];
    if (installation.shard_count !== shardCount)
      throw new Error(
        `this database was made with ${installation.shard_count} shards, not ${shardCount}: the number of shards never changes`,
      );
    return ran.map(({ name }) => name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
    await dataSource.destroy();
  }
}

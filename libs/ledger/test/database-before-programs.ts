import { DataSource } from 'typeorm';
import { contentHash, eventKey, type ActivityEvent } from '@app/contracts';
import { createPool, migrate, type Pool } from '@app/ledger/postgres';
import { Ledger1764000000000 } from '../src/postgres/migrations/1764000000000-ledger.js';
import { GranterState1764000000001 } from '../src/postgres/migrations/1764000000001-granter-state.js';
import { PromoterState1764000000002 } from '../src/postgres/migrations/1764000000002-promoter-state.js';
import { Roles1764000000003 } from '../src/postgres/migrations/1764000000003-roles.js';
import {
  createDatabase,
  type TestDatabase,
} from '../../../test/support/database.js';

const SHARD_COUNT = 64;

/** A database from before there were programs of all kinds: it knows of orders alone, and migrates when it is told. */
export class DatabaseBeforePrograms {
  private constructor(
    private readonly database: TestDatabase,
    /** Of its owner, a superuser. */
    readonly pool: Pool,
  ) {}

  static async create(postgresUrl: string): Promise<DatabaseBeforePrograms> {
    const database = await createDatabase(postgresUrl, {
      shardCount: SHARD_COUNT,
    });
    const pool = createPool(database.url, {
      applicationName: 'test',
      maxConnections: 2,
    });
    await pool.query('DROP SCHEMA public, audit CASCADE; CREATE SCHEMA public');
    await migrateAsBefore(database.url);
    return new DatabaseBeforePrograms(database, pool);
  }

  get url(): string {
    return this.database.url;
  }

  /** Activity as it was written down, in the order of its arrival. */
  async accept(shard: number, events: readonly ActivityEvent[]): Promise<void> {
    for (const [offset, event] of events.entries()) {
      const { source, id, type, merchantId, occurredAtMs, data } = event;
      const at = new Date(occurredAtMs);
      await this.pool.query(`SELECT ensure_quarter('activity', $1)`, [at]);
      await this.pool.query(
        `INSERT INTO activity VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          shard,
          eventKey(source, id),
          contentHash(event),
          merchantId,
          type,
          at,
          offset,
          'orderId' in data ? data.orderId : null,
          JSON.stringify(data),
        ],
      );
    }
  }

  /** A row of progress in its first form. */
  async reach(
    shard: number,
    address: [merchantId: string, program: string, period: string],
    goals: Record<string, { value: number; paid: string[] }>,
  ): Promise<void> {
    await this.keep(shard, address, { v: 1, goals });
  }

  /** @param progress in its stored form */
  async keep(
    shard: number,
    [merchantId, program, period]: [string, string, string],
    progress: unknown,
  ): Promise<void> {
    await this.pool.query(`INSERT INTO progress VALUES ($1, $2, $3, $4, $5)`, [
      shard,
      merchantId,
      program,
      period,
      JSON.stringify(progress),
    ]);
  }

  async migrate(): Promise<void> {
    await migrate(this.url, { shardCount: SHARD_COUNT });
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }
}

async function migrateAsBefore(url: string): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: [
      Ledger1764000000000,
      GranterState1764000000001,
      PromoterState1764000000002,
      Roles1764000000003,
    ],
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.query('INSERT INTO installation (shard_count) VALUES ($1)', [
    SHARD_COUNT,
  ]);
  await dataSource.destroy();
}

import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import {
  createDatabase,
  type TestDatabase,
} from '../../../../test/support/database.js';
import { grantOf, NOW_MS } from '../../test/entries.js';
import { commit } from '../../test/journal.js';
import { appendToChain, EMPTY_CHAIN, type ChainTip } from '../chain.js';
import { withAccountNames } from '../encoding.js';
import {
  JOURNALS,
  move,
  type EntryDraft,
  type Journal,
  type Posting,
} from '../entry.js';
import { migrate } from './migrate.js';
import { Ledger1764000000000 } from './migrations/1764000000000-ledger.js';
import { GranterState1764000000001 } from './migrations/1764000000001-granter-state.js';
import { PromoterState1764000000002 } from './migrations/1764000000002-promoter-state.js';
import { Roles1764000000003 } from './migrations/1764000000003-roles.js';
import { createPool, type Pool } from './pool.js';
import { readEntries } from './read.js';
import { rebuildDerivedTables } from './rebuild.js';
import { verifyLedger } from './verify.js';

const SHARD = 1;
const LOT = 'grants-1-2';
const BUDGET: EntryDraft = {
  kind: 'budget',
  merchantId: null,
  occurredAtMs: NOW_MS,
  postings: move('ANY_IMP', 5_000n, 'issuance', 'pool:ladder'),
  cause: {
    type: 'program_published',
    program: 'ladder',
    version: 1,
    programHash: '00',
  },
};

describe('a ledger from before there were running balances', () => {
  let database: TestDatabase;
  let pool: Pool;
  let tips: ChainTip[];

  beforeAll(async () => {
    database = await createDatabase(inject('postgresUrl'), { shardCount: 4 });
    pool = createPool(database.url, {
      applicationName: 'test',
      maxConnections: 3,
    });
    await pool.query('DROP SCHEMA public, audit CASCADE; CREATE SCHEMA public');
    await migrateAsBefore(database.url);
    tips = [
      await write('grants', [
        [BUDGET],
        [{ ...grantOf(1_000n, 'm1', LOT), kind: 'grant' }],
      ]),
      // In one commit: what is reserved comes and goes.
      await write('promotions', [
        [
          promotion(
            'reserve',
            move('ANY_IMP', 600n, 'available', 'reserved', LOT),
          ),
          promotion(
            'deliver',
            move('ANY_IMP', 400n, 'reserved', 'spent:live', LOT),
          ),
          promotion(
            'release',
            move('ANY_IMP', 200n, 'reserved', 'available', LOT),
          ),
        ],
      ]),
    ];
    await pool.query(
      `INSERT INTO lot VALUES ($1, $2, 'm1', 'ANY_IMP', 1000, '2024-12-01T00:00:00Z', 'ladder')`,
      [SHARD, LOT],
    );
    await pool.query(
      `INSERT INTO lot_use (shard, lot_id, granted, spent) VALUES ($1, $2, 1000, 400)`,
      [SHARD, LOT],
    );
    await migrate(database.url, { shardCount: 4 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('verifies when it is migrated', async () => {
    const findings: unknown[] = [];
    const verified = await verifyLedger(pool, {
      shards: [0, SHARD],
      onFinding: (finding) => findings.push(finding),
    });
    expect(findings).toEqual([]);
    expect(verified).toBe(5n);
  });

  it('has what follows from the journals as it is made now', async () => {
    const tables = await rebuildDerivedTables(pool, { write: false });
    for (const table of tables)
      expect(table).toMatchObject({ unfounded: 0n, missing: 0n, examples: [] });
    expect(tables.map(({ rows }) => Number(rows))).toEqual([
      4, 6, 7, 1, 1, 4, 0,
    ]);
  });

  it('keeps every entry and its hash', async () => {
    const grants = await readEntries(pool, 'grants', SHARD, 1n, 10);
    expect(grants).toHaveLength(2);
    expect(grants.at(-1)!.hash).toEqual(tips[0]!.hash);
    const promotions = await readEntries(pool, 'promotions', SHARD, 1n, 10);
    expect(promotions.at(-1)!.hash).toEqual(tips[1]!.hash);
  });

  it('goes on from its heads, and moves them in no other way', async () => {
    for (const journal of JOURNALS)
      await commit(pool, { journal, shard: SHARD }, [grantOf(5n)]);
    await expect(
      pool.query('UPDATE shard_head SET revision = revision + 1000'),
    ).rejects.toThrow('cannot move from revision');
    await expect(
      pool.query(
        'INSERT INTO lot_use (shard, lot_id, granted) VALUES (2, $1, 5)',
        [LOT],
      ),
    ).rejects.toThrow('there is no such lot');
  });

  /** A row at a time, as the tables were then. */
  async function write(
    journal: Journal,
    commits: EntryDraft[][],
  ): Promise<ChainTip> {
    let tip = EMPTY_CHAIN;
    for (const [i, drafts] of commits.entries()) {
      const appended = appendToChain(journal, SHARD, tip, drafts, NOW_MS + i);
      tip = appended.tip;
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO journal_batch VALUES ($1, $2, $3, $4, $5, NULL, $6)`,
        [
          SHARD,
          journal,
          i + 1,
          tip.sequence,
          { topic: i },
          new Date(tip.recordedAtMs),
        ],
      );
      await client.query(
        `INSERT INTO shard_head VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (shard, journal) DO UPDATE
         SET revision = excluded.revision, sequence = excluded.sequence, hash = excluded.hash, consumed = excluded.consumed`,
        [SHARD, journal, i + 1, tip.sequence, tip.hash, { topic: i }],
      );
      const moved = new Map<string, bigint>();
      for (const entry of appended.entries) {
        await client.query(
          `INSERT INTO entry VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            SHARD,
            journal,
            entry.sequence,
            entry.kind,
            entry.merchantId,
            new Date(entry.occurredAtMs),
            new Date(entry.recordedAtMs),
            JSON.stringify(entry.cause),
            entry.hash,
          ],
        );
        const named = withAccountNames(entry).postings;
        await client.query(
          `INSERT INTO posting SELECT $1, $2, $3, * FROM unnest($4::smallint[], $5::text[], $6::text[], $7::bigint[], $8::text[])`,
          [
            SHARD,
            journal,
            entry.sequence,
            named.map((_, line) => line),
            named.map(({ account }) => account),
            named.map(({ unit }) => unit),
            named.map(({ amount }) => amount),
            named.map(({ lotId }) => lotId),
          ],
        );
        for (const { account, amount } of entry.postings)
          for (const owner of entry.merchantId
            ? ['', entry.merchantId]
            : ['']) {
            const key = `${owner}\n${account}`;
            moved.set(key, (moved.get(key) ?? 0n) + amount);
          }
      }
      for (const [key, amount] of moved) {
        const [owner, account] = key.split('\n') as [string, string];
        if (amount !== 0n) await addToBalance(owner, account, amount);
      }
      await client.query('COMMIT');
      client.release();

      async function addToBalance(
        owner: string,
        account: string,
        amount: bigint,
      ) {
        await client.query(
          owner === ''
            ? {
                text: `INSERT INTO shard_balance AS kept VALUES ($1, $2, $3, 'ANY_IMP', $4)
                       ON CONFLICT (shard, journal, account, unit) DO UPDATE SET amount = kept.amount + excluded.amount`,
                values: [SHARD, journal, account, amount],
              }
            : {
                text: `INSERT INTO merchant_balance AS kept VALUES ($1, $5, $2, $3, 'ANY_IMP', $4)
                       ON CONFLICT (shard, merchant_id, journal, account, unit) DO UPDATE SET amount = kept.amount + excluded.amount`,
                values: [SHARD, journal, account, amount, owner],
              },
        );
      }
    }
    return tip;
  }
});

function promotion(
  kind: 'reserve' | 'deliver' | 'release',
  postings: Posting[],
): EntryDraft {
  return {
    kind,
    merchantId: 'm1',
    occurredAtMs: NOW_MS,
    postings,
    cause: {
      type: 'promotion_closed',
      promotionOrderId: 'promotions-1-1',
      reason: 'completed',
      event: {
        topic: 'promotion.delivery.v1',
        partition: 1,
        offset: '7',
        source: 'urn:ad-delivery "商家"\n',
        id: kind,
      },
    },
  };
}

async function migrateAsBefore(databaseUrl: string): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
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
  await dataSource.query('INSERT INTO installation (shard_count) VALUES (4)');
  await dataSource.destroy();
}

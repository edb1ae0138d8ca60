import { inject } from 'vitest';
import { grantOf } from '../../test/entries.js';
import {
  commit,
  createLedger,
  snapshot,
  type TestLedger,
} from '../../test/journal.js';

const TABLES = [
  'entry',
  'posting',
  'lot',
  'journal_batch',
  'entry_event',
  'shard_balance_at',
  'api_change',
  'api_answer',
  'program_version',
  'program_change',
];
const ROWS: Record<string, number> = { posting: 2, shard_balance_at: 2 };
const columnOf = (table: string) =>
  table.startsWith('program_') ? 'program = program' : 'shard = shard';
const CHANGES = {
  UPDATE: (table: string) => `UPDATE ${table} SET ${columnOf(table)}`,
  DELETE: (table: string) => `DELETE FROM ${table}`,
  TRUNCATE: (table: string) => `TRUNCATE ${table} CASCADE`,
};
const EVERY_CHANGE = TABLES.flatMap((table) =>
  Object.entries(CHANGES).map(
    ([operation, statement]) => [operation, table, statement(table)] as const,
  ),
);
const POSTING =
  'INSERT INTO posting (shard, journal, sequence, line, account, unit, amount, balance) VALUES';

describe('the database, to its owner and superuser', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    await commit(
      ledger.pool,
      { journal: 'grants', shard: 1 },
      [grantOf(5n)],
      undefined,
      () => [
        {
          text: `INSERT INTO lot VALUES (1, 'lot-1', 'm1', 'ANY_IMP', 5, now(), 'ladder')`,
        },
      ],
    );
    await ledger.pool.query(`
      INSERT INTO api_change (shard, change_id, issuer, subject, roles, operation, request, request_hash,
        idempotency_key)
      VALUES (1, gen_random_uuid(), 'i', 's', '{}', 'turn', '{}', sha256(''), 'k');
      INSERT INTO api_answer (shard, change_id, is_final, status, body)
      SELECT shard, change_id, true, 200, '{}' FROM api_change;
      INSERT INTO program_version VALUES ('ladder', 1, repeat('0', 64), 'program: ladder');
      INSERT INTO program_change VALUES (1, 'published', 'ladder', 1, repeat('0', 64), 'alice')`);
  });
  afterAll(() => ledger.close());

  it.each(EVERY_CHANGE)(
    'refuses %s on %s',
    async (operation, table, statement) => {
      expect(await contentsOf(table)).toHaveLength(ROWS[table] ?? 1);
      await expect(ledger.pool.query(statement)).rejects.toThrow(
        `the ledger is append-only: ${operation} on ${table} is refused`,
      );
    },
  );

  it.each(EVERY_CHANGE)(
    'refuses %s on %s with triggers turned off for the session',
    async (_, table, statement) => {
      const before = await contentsOf(table);
      const client = await ledger.pool.connect();
      try {
        await client.query('SET session_replication_role = replica');
        await expect(client.query(statement)).rejects.toThrow('append-only');
      } finally {
        client.release(true);
      }
      expect(await contentsOf(table)).toEqual(before);
    },
  );

  it('refuses an insert that would become an update', async () => {
    await expect(
      ledger.pool.query(
        `INSERT INTO lot SELECT * FROM lot
         ON CONFLICT (shard, lot_id) DO UPDATE SET granted = 1000000`,
      ),
    ).rejects.toThrow('append-only: UPDATE on lot');
  });

  it('refuses postings that do not balance, and says by how much', async () => {
    const before = await snapshot(ledger.pool, 1);
    await expect(
      ledger.pool.query(
        `${POSTING} (1, 'grants', 2, 0, 'issuance', 'CNY', -5, 0), (1, 'grants', 2, 1, 'pool:x', 'CNY', 4, 0)`,
      ),
    ).rejects.toThrow('entry grants-1-2 is off by -1 CNY');
    expect(await snapshot(ledger.pool, 1)).toEqual(before);
  });

  it.each([
    [
      'one entry makes up for another',
      `(1, 'grants', 2, 0, 'a', 'CNY', -5, 0), (1, 'grants', 3, 0, 'b', 'CNY', 5, 0)`,
    ],
    [
      'one unit makes up for another',
      `(1, 'grants', 2, 0, 'a', 'CNY', -5, 0), (1, 'grants', 2, 1, 'b', 'ANY_IMP', 5, 0)`,
    ],
    [
      'one shard makes up for another',
      `(1, 'grants', 2, 0, 'a', 'CNY', -5, 0), (2, 'grants', 2, 0, 'b', 'CNY', 5, 0)`,
    ],
    ['there is one line', `(1, 'grants', 2, 0, 'a', 'CNY', 5, 0)`],
  ])('refuses postings where %s', async (_, values) => {
    await expect(ledger.pool.query(`${POSTING} ${values}`)).rejects.toThrow(
      /entry grants-\d-\d is off by -?5 /,
    );
  });

  it.each([
    ['an old entry', 1],
    ['no entry', 2],
  ])('refuses balanced postings to %s', async (_, sequence) => {
    const lines = `(1, 'grants', ${sequence}, 8, 'a', 'CNY', -5, 0), (1, 'grants', ${sequence}, 9, 'b', 'CNY', 5, 0)`;
    await expect(ledger.pool.query(`${POSTING} ${lines}`)).rejects.toThrow(
      `entry grants-1-${sequence} is not of this transaction`,
    );
  });

  async function contentsOf(table: string): Promise<unknown[]> {
    const { rows } = await ledger.pool.query(`SELECT * FROM ${table}`);
    return rows as unknown[];
  }
});

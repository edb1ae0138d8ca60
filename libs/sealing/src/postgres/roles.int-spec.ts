import { createPool, ROLES, type Pool, type Role } from '@app/ledger/postgres';
import { inject } from 'vitest';
import { rewardMerchants } from '../../../ledger/test/rewarded-merchants.js';
import { SealedLedger } from '../../test/sealing.js';

const TABLES = [
  'sealed_block',
  'sealed_range',
  'sealed_balances',
  'checkpoint',
];
const CHANGES = TABLES.flatMap((table) => [
  [table, 'UPDATE', `UPDATE ${table} SET root = root`],
  [table, 'DELETE', `DELETE FROM ${table}`],
  [table, 'TRUNCATE', `TRUNCATE ${table}`],
]).map(([table, operation, statement]) => [
  operation!,
  table!,
  ['sealed_block', 'sealed_range'].includes(table!)
    ? statement!.replace('root = root', 'block = block')
    : statement!,
]);

describe('what is sealed', () => {
  let ledger: SealedLedger;
  const pools = new Map<Role, Pool>();

  beforeAll(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    await rewardMerchants(ledger.pool, 1, 2);
    await (await ledger.open()).seal();
  });
  afterAll(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await ledger.close();
  });

  it.each(CHANGES)(
    'is refused %s on %s, to its owner and superuser',
    async (operation, table, statement) => {
      await expect(ledger.pool.query(statement!)).rejects.toThrow(
        `the ledger is append-only: ${operation} on ${table} is refused`,
      );
      const client = await ledger.pool.connect();
      try {
        await client.query('SET session_replication_role = replica');
        await expect(client.query(statement!)).rejects.toThrow('append-only');
      } finally {
        client.release(true);
      }
    },
  );

  describe.each(Object.values(ROLES))('to %s', (role) => {
    it.each(CHANGES)('is refused %s on %s', async (_, table, statement) => {
      await expect(as(role).query(statement!)).rejects.toThrow(
        `permission denied for table ${table}`,
      );
    });
  });

  it('is written by the sealer alone', async () => {
    for (const role of Object.values(ROLES))
      for (const table of TABLES) {
        const insert = as(role).query(
          `INSERT INTO ${table} SELECT * FROM ${table} WHERE false`,
        );
        if (role === ROLES.sealer) await insert;
        else
          await expect(insert).rejects.toThrow(
            `permission denied for table ${table}`,
          );
      }
  });

  it('is all that the sealer writes', async () => {
    const pool = as(ROLES.sealer);
    const { rows } = await ledger.pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL ($1)`,
      [TABLES],
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const { name } of rows)
      await expect(
        pool.query(`INSERT INTO ${name} DEFAULT VALUES`),
      ).rejects.toThrow(`permission denied for table ${name}`);
    await expect(pool.query('SELECT * FROM activity')).rejects.toThrow(
      'permission denied',
    );
  });

  it('is read by the api', async () => {
    for (const table of TABLES)
      await as(ROLES.api).query(`SELECT * FROM ${table}`);
  });

  it('is shown to auditors', async () => {
    const pool = as(ROLES.auditor);
    const { rows: blocks } = await pool.query(
      'SELECT block, first_position, position, length(balance_root) AS hex FROM audit.sealed_block',
    );
    expect(blocks).toEqual([
      { block: 0n, first_position: 0n, position: 11n, hex: 64 },
    ]);
    const { rows: ranges } = await pool.query(
      `SELECT journal, shard, first_sequence, last_sequence, first_position, last_position
       FROM audit.sealed_range ORDER BY first_position`,
    );
    expect(ranges).toMatchObject([
      { journal: 'grants', last_sequence: 3n, last_position: 2n },
      { journal: 'promotions', first_position: 3n, last_position: 10n },
    ]);
    const { rows: places } = await pool.query(
      `SELECT position, block FROM audit.entry_position WHERE entry_id = 'promotions-1-2'`,
    );
    expect(places).toEqual([{ position: 4n, block: 0n }]);
    for (const view of ['sealed_balances', 'checkpoint'])
      await pool.query(`SELECT * FROM audit.${view}`);
  });

  function as(role: Role): Pool {
    const options = { applicationName: 'test', maxConnections: 1, role };
    const pool = pools.get(role) ?? createPool(ledger.url, options);
    pools.set(role, pool);
    return pool;
  }
});

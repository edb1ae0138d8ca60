import { inject } from 'vitest';
import { createLedger, type TestLedger } from '../../test/journal.js';
import { rewardMerchants } from '../../test/rewarded-merchants.js';
import { tamper } from '../../test/tamper.js';
import { DERIVED_TABLES, rebuildDerivedTables } from './rebuild.js';

describe('rebuilding what follows from the journals', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    for (const shard of [0, 7]) await rewardMerchants(ledger.pool, shard, 6);
  });
  afterAll(() => ledger.close());

  it('makes every table as it was', async () => {
    const before = await contents();
    const rebuilt = await rebuildDerivedTables(ledger.pool, { write: true });
    for (const table of rebuilt)
      expect(table).toMatchObject({ unfounded: 0n, missing: 0n, examples: [] });
    expect(rebuilt.map(({ rows }) => Number(rows))).toEqual(
      before.map((rows) => rows.length),
    );
    expect(Math.min(...before.map((rows) => rows.length))).toBeGreaterThan(0);
    expect(await contents()).toEqual(before);
  });

  it('leaves no trigger turned off', async () => {
    const { rows } = await ledger.pool.query(
      `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A'`,
    );
    expect(rows).toEqual([]);
  });

  it.each([
    [
      'merchant_balance',
      'UPDATE merchant_balance SET amount = amount + 1 WHERE shard = 7',
    ],
    [
      'shard_balance',
      `DELETE FROM shard_balance WHERE shard = 7 AND account = 'spent:live'`,
    ],
    [
      'shard_balance_at',
      `UPDATE shard_balance_at SET amount = amount - 1 WHERE shard = 7`,
    ],
    ['lot', `UPDATE lot SET program = 'other' WHERE shard = 7`],
    ['lot_use', `UPDATE lot_use SET spent = spent - 1 WHERE shard = 7`],
    [
      'entry_event',
      `INSERT INTO entry_event VALUES (7, sha256('x')::bytea, 'grants', 1)`,
    ],
    [
      'promotion_result',
      `UPDATE promotion_result SET gmv_minor = gmv_minor + 1 WHERE shard = 7`,
    ],
  ])('tells of a changed %s, and puts it right', async (name, change) => {
    const before = await contents();
    await tamper(
      ledger.pool,
      change.replace(`sha256('x')::bytea`, `substr(sha256('x'), 1, 16)`),
    );
    const compared = await rebuildDerivedTables(ledger.pool, { write: false });
    const wrong = compared.filter(
      (table) => table.unfounded + table.missing > 0n,
    );
    expect(wrong.map((table) => table.name)).toEqual([name]);
    expect(wrong[0]!.examples.join('\n')).toContain('(7,');
    expect(await contents()).not.toEqual(before);
    await rebuildDerivedTables(ledger.pool, { write: true });
    expect(await contents()).toEqual(before);
  });

  async function contents(): Promise<unknown[][]> {
    const tables = await Promise.all(
      DERIVED_TABLES.map(({ name, columns }) =>
        ledger.pool.query(`SELECT ${columns} FROM ${name} ORDER BY ${columns}`),
      ),
    );
    return tables.map(({ rows }) => rows as unknown[]);
  }
});

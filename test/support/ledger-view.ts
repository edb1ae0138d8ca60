import { Pool } from 'pg';
import type { ExpectedGrant } from '../oracle/order-ladder.js';

/** What the tests read of a ledger, by plain SQL. */
export class LedgerView {
  readonly #pool: Pool;

  constructor(databaseUrl: string) {
    this.#pool = new Pool({ connectionString: databaseUrl, max: 2 });
    // PostgreSQL is killed in some tests; the next query tells.
    this.#pool.on('error', () => undefined);
  }

  /** All grants of a program, in the form of the oracle's; in no order. */
  async grants(program = 'order-ladder'): Promise<ExpectedGrant[]> {
    const { rows } = await this.#pool.query<{
      merchant_id: string;
      period: string;
      tier: string;
      unit: string;
      amount: string;
      occurred_at: Date;
    }>(
      `SELECT merchant_id, cause->>'period' AS period, cause->>'tier' AS tier, unit, -amount AS amount, occurred_at
       FROM entry JOIN posting USING (shard, journal, sequence)
       WHERE kind = 'grant' AND account = 'pool:' || $1`,
      [program],
    );
    return rows.map((row) => ({
      sellerId: row.merchant_id,
      week: row.period.slice('week:'.length),
      tier: row.tier,
      unit: row.unit,
      amount: Number(row.amount),
      occurredAtMs: row.occurred_at.getTime(),
    }));
  }

  /** Merchants and units whose grants are not what became of them: available, reserved, spent, expired, clawed back. */
  brokenWallets(): Promise<object[]> {
    return this.all(`
      SELECT merchant_id, unit, granted, used
      FROM (
        SELECT shard, merchant_id, unit, sum(granted) AS granted FROM lot GROUP BY shard, merchant_id, unit
      ) AS lots
      FULL JOIN (
        SELECT shard, merchant_id, unit, sum(amount) AS used FROM merchant_balance
        -- Cash has no lots.
        WHERE unit <> 'CNY' AND (account IN ('available', 'reserved') OR account ~ '^(spent|expired|clawed_back):'
          -- What is owed was clawed back, but not out of a lot.
          OR (account = 'owed' AND journal = 'promotions'))
        GROUP BY shard, merchant_id, unit
      ) AS balances USING (shard, merchant_id, unit)
      WHERE granted IS DISTINCT FROM used`);
  }

  /** Orders placed and impressions delivered while the merchant's switch was not on. */
  spentWhileOff(): Promise<object[]> {
    return this.all(`
      SELECT * FROM (
        SELECT merchant_id, kind, sequence, (
          SELECT turned.kind FROM entry AS turned
          WHERE turned.shard = entry.shard AND turned.merchant_id = entry.merchant_id
            AND turned.journal = 'promotions' AND turned.sequence < entry.sequence
            AND turned.kind IN ('switch_on', 'switch_off')
          ORDER BY turned.sequence DESC LIMIT 1
        ) AS switch
        FROM entry WHERE kind IN ('reserve', 'deliver')
      ) AS spending
      WHERE switch IS DISTINCT FROM 'switch_on'`);
  }

  /** Reports that were counted more than once. */
  reportsCountedTwice(): Promise<object[]> {
    return this.all(`
      SELECT cause->'event'->>'id' AS id FROM entry WHERE kind = 'deliver'
      GROUP BY shard, cause->'event'->>'source', cause->'event'->>'id' HAVING count(*) > 1`);
  }

  /** How many grants the promoter has still to take. */
  async promoterLag(): Promise<number> {
    const { lag } = await this.one<{ lag: string }>(`
      SELECT coalesce(sum(grants.sequence + 1 - coalesce((promotions.consumed->>'grants')::bigint, 1)), 0) AS lag
      FROM shard_head AS grants
      LEFT JOIN shard_head AS promotions ON promotions.shard = grants.shard AND promotions.journal = 'promotions'
      WHERE grants.journal = 'grants'`);
    return Number(lag);
  }

  async countEntries(...kinds: string[]): Promise<number> {
    const { count } = await this.one<{ count: string }>(
      'SELECT count(*) FROM entry WHERE kind = ANY ($1)',
      kinds,
    );
    return Number(count);
  }

  async one<Row extends object>(
    statement: string,
    ...values: unknown[]
  ): Promise<Row> {
    const [row] = await this.all<Row>(statement, ...values);
    if (!row) throw new Error(`no row: ${statement}`);
    return row;
  }

  async all<Row extends object>(
    statement: string,
    ...values: unknown[]
  ): Promise<Row[]> {
    return (await this.#pool.query<Row>(statement, values)).rows;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

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

  /** All grants, in the form of the oracle's; in no order. */
  async grants(): Promise<ExpectedGrant[]> {
    const { rows } = await this.#pool.query<{
      merchant_id: string;
      period: string;
      tier: string;
      unit: string;
      amount: string;
      occurred_at: Date;
    }>(`
      SELECT merchant_id, cause->>'period' AS period, cause->>'tier' AS tier, unit, amount, occurred_at
      FROM entry JOIN posting USING (shard, journal, sequence)
      WHERE kind = 'grant' AND amount > 0`);
    return rows.map((row) => ({
      sellerId: row.merchant_id,
      week: row.period.slice('week:'.length),
      tier: row.tier,
      unit: row.unit,
      amount: Number(row.amount),
      occurredAtMs: row.occurred_at.getTime(),
    }));
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

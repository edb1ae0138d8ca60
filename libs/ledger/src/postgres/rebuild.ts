import { ACCOUNT_CLASS } from './account-class.js';
import { GRANTED_LOTS } from './granted-lots.js';
import { PROMOTION_RESULTS } from './promotion-results.js';
import { inTransaction, type Pool, type PoolClient } from './pool.js';

/** How one derived table follows from the journals. */
export interface DerivedTable {
  name: string;
  /** What is compared and written; columns that the database generates are its own to fill. */
  columns: string;
  /** The rows as the journals make them, with these columns. */
  rows: string;
}

export interface RebuiltTable {
  name: string;
  /** As the journals make them. */
  rows: bigint;
  /** Rows that stood there and are none that the journals make. */
  unfounded: bigint;
  /** Rows that the journals make and that were not there. */
  missing: bigint;
  /** Some of the two, as text: what to look at first. */
  examples: string[];
}

const MOST_EXAMPLES = 5;

/** All of them. */
export const DERIVED_TABLES: readonly DerivedTable[] = [
  {
    name: 'merchant_balance',
    columns: 'shard, merchant_id, journal, account, unit, amount',
    rows: `
      SELECT shard, merchant_id, journal, ${ACCOUNT_CLASS} AS account, unit, sum(amount)::bigint AS amount
      FROM posting JOIN entry USING (shard, journal, sequence)
      WHERE merchant_id IS NOT NULL AND account <> 'issuance' AND NOT starts_with(account, 'pool:')
        AND NOT starts_with(account, 'leased:')
      GROUP BY 1, 2, 3, 4, 5`,
  },
  {
    name: 'shard_balance',
    columns: 'shard, journal, account, unit, amount',
    rows: `
      SELECT shard, journal, ${ACCOUNT_CLASS} AS account, unit, sum(amount)::bigint AS amount
      FROM posting GROUP BY 1, 2, 3, 4`,
  },
  {
    name: 'shard_balance_at',
    columns: 'shard, journal, account, unit, sequence, amount',
    rows: `
      WITH committed AS (
        SELECT shard, journal, sequence AS last,
          lag(sequence, 1, 0::bigint) OVER (PARTITION BY shard, journal ORDER BY revision) AS ahead
        FROM journal_batch
      ), moved AS (
        SELECT posting.shard, posting.journal, ${ACCOUNT_CLASS} AS account, unit, last, sum(amount) AS amount
        FROM posting JOIN committed
          ON posting.shard = committed.shard AND posting.journal = committed.journal
          AND posting.sequence > ahead AND posting.sequence <= last
        GROUP BY 1, 2, 3, 4, 5
      )
      SELECT shard, journal, account, unit, last AS sequence, sum(amount) OVER (
        PARTITION BY shard, journal, account, unit ORDER BY last)::bigint AS amount
      FROM moved`,
  },
  {
    name: 'lot',
    columns: 'shard, lot_id, merchant_id, unit, granted, expires_at, program',
    rows: GRANTED_LOTS,
  },
  {
    name: 'lot_use',
    columns: 'shard, lot_id, granted, reserved, spent, expired, clawed_back',
    rows: `
      SELECT shard, lot_id, granted,
        coalesce(sum(amount) FILTER (WHERE account LIKE 'merchant:%:reserved'), 0)::bigint AS reserved,
        coalesce(sum(amount) FILTER (WHERE starts_with(account, 'spent:')), 0)::bigint AS spent,
        coalesce(sum(amount) FILTER (WHERE starts_with(account, 'expired:')), 0)::bigint AS expired,
        coalesce(sum(amount) FILTER (WHERE starts_with(account, 'clawed_back:')), 0)::bigint AS clawed_back
      FROM posting JOIN (${GRANTED_LOTS}) AS lots USING (shard, lot_id)
      WHERE journal = 'promotions' GROUP BY shard, lot_id, granted`,
  },
  {
    name: 'entry_event',
    columns: 'shard, event_key, journal, sequence',
    rows: `
      SELECT DISTINCT shard, event_key(event ->> 'source', event ->> 'id') AS event_key, journal, sequence FROM (
        SELECT shard, journal, sequence, cause -> 'event' AS event FROM entry
        WHERE json_typeof(cause -> 'event') = 'object'
        UNION ALL
        SELECT shard, journal, sequence, json_array_elements(cause -> 'events') FROM entry
        WHERE json_typeof(cause -> 'events') = 'array') AS named`,
  },
  {
    name: 'promotion_result',
    columns:
      'shard, merchant_id, day, placement, target_id, impressions, clicks, orders, gmv_minor',
    rows: PROMOTION_RESULTS,
  },
];

export interface Rebuild {
  /** Whether tables are written; otherwise they are compared alone. */
  write: boolean;
  /** Called as each is taken up. */
  onTable?: (name: string) => void;
}

/**
 * Makes every table that follows from the journals anew out of them, and compares with what stood there. One
 * transaction, in which no writer moves a head: services that run wait meanwhile. Needs the owner of the tables,
 * for it empties some that nobody else may delete from.
 */
export function rebuildDerivedTables(
  pool: Pool,
  { write, onTable = () => undefined }: Rebuild,
): Promise<RebuiltTable[]> {
  return inTransaction(pool, async (client) => {
    await client.query(
      "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'; LOCK TABLE shard_head IN SHARE MODE",
    );
    const rebuilt: RebuiltTable[] = [];
    for (const table of DERIVED_TABLES) {
      onTable(table.name);
      rebuilt.push(await compare(client, table));
      if (write) await replace(client, table);
    }
    return rebuilt;
  });
}

async function compare(
  client: PoolClient,
  { name, columns, rows }: DerivedTable,
): Promise<RebuiltTable> {
  await client.query(
    `CREATE TEMPORARY TABLE made_${name} ON COMMIT DROP AS ${rows}`,
  );
  const { rows: counted } = await client.query<RebuiltTable>(`
    WITH unfounded AS MATERIALIZED (
      SELECT ${columns} FROM ${name} EXCEPT ALL SELECT ${columns} FROM made_${name}
    ), missing AS MATERIALIZED (
      SELECT ${columns} FROM made_${name} EXCEPT ALL SELECT ${columns} FROM ${name}
    )
    SELECT (SELECT count(*) FROM made_${name}) AS rows,
      (SELECT count(*) FROM unfounded) AS unfounded,
      (SELECT count(*) FROM missing) AS missing,
      ARRAY(
        (SELECT 'stood there: ' || unfounded::text FROM unfounded ORDER BY 1 LIMIT ${MOST_EXAMPLES})
        UNION ALL
        (SELECT 'is made: ' || missing::text FROM missing ORDER BY 1 LIMIT ${MOST_EXAMPLES})) AS examples`);
  return { ...counted[0]!, name };
}

async function replace(
  client: PoolClient,
  { name, columns }: DerivedTable,
): Promise<void> {
  await client.query(`
    ALTER TABLE ${name} DISABLE TRIGGER USER;
    TRUNCATE ${name};
    INSERT INTO ${name} (${columns}) SELECT ${columns} FROM made_${name};
  `);
  await enableTriggers(client, name);
}

/** As they were: always, also where a session has triggers turned off. */
async function enableTriggers(
  client: PoolClient,
  table: string,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(tgname) AS name FROM pg_trigger
     WHERE tgrelid = $1::regclass AND NOT tgisinternal`,
    [table],
  );
  for (const { name } of rows)
    await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}`);
}

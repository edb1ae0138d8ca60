import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { shardOf } from '@app/contracts';
import { createPool, type PoolClient } from '@app/ledger/postgres';

const SHARD_COUNT = 64;
const LINES_A_CHUNK = 10_000;

export function merchantIdOf(number: number): string {
  return `merchant-${number}`;
}

/**
 * Fills an empty ledger with merchants who were granted two lots each, and have not used them: every table that a
 * wallet or a statement is read from. Entries are balanced and in order; hashes are none, since nobody verifies them.
 */
export async function fillWithMerchants(
  databaseUrl: string,
  count: number,
): Promise<void> {
  const pool = createPool(databaseUrl, {
    applicationName: 'bench-api',
    pipeline: false,
    maxConnections: 1,
    statementTimeoutMs: 1_800_000,
  });
  const client = await pool.connect();
  try {
    await client.query('BEGIN; SET LOCAL synchronous_commit = off');
    await copyMerchants(client, count);
    for (const statement of STATEMENTS) await client.query(statement);
    await client.query('COMMIT');
    await client.query('VACUUM (ANALYZE)');
  } finally {
    client.release(true);
    await pool.end();
  }
}

async function copyMerchants(client: PoolClient, count: number): Promise<void> {
  await client.query(
    'CREATE TEMP TABLE merchant (shard smallint, merchant_id text, number bigint) ON COMMIT DROP',
  );
  await pipeline(
    Readable.from(merchantLines(count)),
    client.query(copyFrom('COPY merchant FROM STDIN')),
  );
}

function* merchantLines(count: number): Generator<string> {
  const inShard = Array.from({ length: SHARD_COUNT }, () => 0);
  let lines = '';
  for (let i = 0; i < count; i += 1) {
    const merchantId = merchantIdOf(i);
    const shard = shardOf(merchantId, SHARD_COUNT);
    const number = inShard[shard]!;
    inShard[shard] = number + 1;
    lines += `${shard}\t${merchantId}\t${number}\n`;
    if ((i + 1) % LINES_A_CHUNK > 0) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

const HASH = `decode(repeat('00', 32), 'hex')`;
const GRANTED = 1_000;

/** In the order in which the checks of the database want them. */
const STATEMENTS = [
  `CREATE TEMP TABLE granted ON COMMIT DROP AS
   SELECT shard, merchant_id, number * 2 + i AS sequence, 'grants-' || shard || '-' || (number * 2 + i) AS lot_id,
     CASE i WHEN 1 THEN 'ANY_IMP' ELSE 'LIVE_IMP' END AS unit,
     timestamptz '2024-11-11T00:00:00Z' + number * interval '1 second' AS at
   FROM merchant, generate_series(1, 2) AS i`,
  `INSERT INTO shard_head (shard, journal, revision, sequence, hash, consumed, recorded_at)
   SELECT shard, 'grants', 1, max(sequence), ${HASH}, '{}', max(at) FROM granted GROUP BY shard`,
  `INSERT INTO journal_batch (shard, journal, revision, sequence, consumed, recorded_at)
   SELECT shard, 'grants', 1, max(sequence), '{}', max(at) FROM granted GROUP BY shard`,
  `INSERT INTO entry (shard, journal, sequence, kind, merchant_id, occurred_at, recorded_at, cause, hash)
   SELECT shard, 'grants', sequence, 'grant', merchant_id, at, at,
     json_build_object('type', 'goal_reached', 'program', 'bench', 'version', 1, 'goal', 'orders', 'tier', '10',
       'period', 'week:2024-11-11', 'metric', 'orders', 'value', 10, 'threshold', 10, 'promised', ${GRANTED},
       'poolRanDry', false, 'expiresAt', '2034-12-01T00:00:00.000Z', 'events', json_build_array()), ${HASH}
   FROM granted ORDER BY shard, sequence`,
  `INSERT INTO posting (shard, journal, sequence, line, account, unit, amount, balance, lot_id)
   SELECT shard, 'grants', sequence, line, account, unit, amount, amount, lot_id
   FROM granted, LATERAL (VALUES
     (0, 'pool:bench', -${GRANTED}), (1, 'merchant:' || merchant_id || ':available', ${GRANTED})
   ) AS lines (line, account, amount) ORDER BY shard, sequence, line`,
  `INSERT INTO lot (shard, lot_id, merchant_id, unit, granted, expires_at, program)
   SELECT shard, lot_id, merchant_id, unit, ${GRANTED}, '2034-12-01T00:00:00Z', 'bench' FROM granted
   ORDER BY shard, sequence`,
  `INSERT INTO merchant_balance (shard, merchant_id, journal, account, unit, amount)
   SELECT shard, merchant_id, 'grants', 'available', unit, ${GRANTED} FROM granted ORDER BY shard, merchant_id`,
];

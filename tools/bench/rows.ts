import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
import type { Pool } from '@app/ledger/postgres';
import { aboutOf } from '@app/programs';
import { orders } from './activity.js';

const COLUMNS =
  '(shard, event_key, content_hash, merchant_id, type, occurred_at, kafka_offset, about, data)';
const UNINDEXED = 'bench_activity';
const CHUNK = 1_000;

/** The limit to measure against: COPY of the same rows into a table without an index, on one connection. */
export async function copyRows(pool: Pool, count: number): Promise<number> {
  await makeTable(pool);
  const lines = textRows(count);
  const client = await pool.connect();
  try {
    const startedAtMs = performance.now();
    await pipeline(
      Readable.from(inChunks(lines)),
      client.query(copyFrom(`COPY ${UNINDEXED} ${COLUMNS} FROM STDIN`)),
    );
    return perSecond(count, startedAtMs);
  } finally {
    client.release();
  }
}

/** A durable transaction for each row, on one connection. */
export async function insertRowByRow(
  pool: Pool,
  count: number,
): Promise<number> {
  await makeTable(pool);
  const client = await pool.connect();
  const rows = textRows(count).map((line) => line.trimEnd().split('\t'));
  try {
    const startedAtMs = performance.now();
    for (const row of rows)
      await client.query({
        name: 'bench-insert',
        text: `INSERT INTO ${UNINDEXED} ${COLUMNS} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        values: row.map((text) => text.replace('\\\\x', '\\x')),
      });
    return perSecond(count, startedAtMs);
  } finally {
    client.release();
  }
}

export function perSecond(count: number, startedAtMs: number): number {
  return count / ((performance.now() - startedAtMs) / 1_000);
}

async function makeTable(pool: Pool): Promise<void> {
  await pool.query(`DROP TABLE IF EXISTS ${UNINDEXED}`);
  await pool.query(
    `CREATE TABLE ${UNINDEXED} (LIKE activity INCLUDING DEFAULTS)`,
  );
}

/** Rows in COPY's text format: tabs part the columns, and a backslash is doubled. */
function textRows(count: number): string[] {
  return orders(0, 0, count, 10).map(({ read, position }) => {
    if (!read.ok) throw new Error(read.detail);
    const { event, key, hash } = read;
    const columns = [
      0,
      `\\\\x${key.toString('hex')}`,
      `\\\\x${hash.toString('hex')}`,
      event.merchantId,
      event.type,
      new Date(event.occurredAtMs).toISOString(),
      position,
      aboutOf(event) ?? '',
      JSON.stringify(event.data),
    ];
    return `${columns.join('\t')}\n`;
  });
}

function* inChunks(lines: readonly string[]): Generator<string> {
  for (let i = 0; i < lines.length; i += CHUNK)
    yield lines.slice(i, i + CHUNK).join('');
}

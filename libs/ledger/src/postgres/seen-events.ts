import { binaryArray } from './binary-array.js';
import type { Pool } from './pool.js';

/** Tables that remember events by (shard, event_key), in parts by quarter of the event's time. */
export type SeenEventsTable = 'activity' | 'promotion_input';

/** The content hashes of those among `keys` that were taken before, by key in hex. */
export async function readSeenEvents(
  pool: Pool,
  table: SeenEventsTable,
  shard: number,
  keys: readonly Buffer[],
): Promise<Map<string, Buffer>> {
  if (keys.length === 0) return new Map();
  const { rows } = await pool.query<{
    event_key: Buffer;
    content_hash: Buffer;
  }>({
    name: `read-seen-${table}`,
    text: `SELECT event_key, content_hash FROM ${table} WHERE shard = $1 AND event_key = ANY ($2::bytea[])`,
    values: [shard, binaryArray.bytea(keys)],
  });
  return new Map(
    rows.map(({ event_key, content_hash }) => [
      event_key.toString('hex'),
      content_hash,
    ]),
  );
}

/** Makes the quarters of time-partitioned tables as they are first needed. */
export class Quarters {
  readonly #known = new Set<string>();

  constructor(private readonly pool: Pool) {}

  /** Call it outside of the transaction that inserts: making a quarter locks the table for a moment. */
  async ensure(
    table: SeenEventsTable,
    timesMs: Iterable<number>,
  ): Promise<void> {
    for (const timeMs of timesMs) {
      const time = new Date(timeMs);
      const quarter = `${table} ${time.getUTCFullYear()} ${Math.floor(time.getUTCMonth() / 3)}`;
      if (this.#known.has(quarter)) continue;
      await this.pool.query('SELECT ensure_quarter($1, $2)', [table, time]);
      this.#known.add(quarter);
    }
  }
}

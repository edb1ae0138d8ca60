import { binaryArray } from './binary-array.js';
import type { Pool } from './pool.js';
import type { Queryable } from './queryable.js';

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

/** No quarter is forgotten that ended later: the database refuses it. */
export const LEAST_DAYS_KEPT = 400;
const DAY_MS = 86_400_000;

/** Makes the quarters of time-partitioned tables as they are first needed. */
export class Quarters {
  readonly #known = new Set<string>();

  constructor(private readonly pool: Pool) {}

  /** Call it outside of the transaction that inserts: making a quarter locks the table for a moment. */
  async ensure(
    table: SeenEventsTable,
    timesMs: Iterable<number>,
  ): Promise<void> {
    const needed = new Map<string, Date>();
    for (const timeMs of timesMs) {
      const time = new Date(timeMs);
      const quarter = `${table} ${time.getUTCFullYear()} ${Math.floor(time.getUTCMonth() / 3)}`;
      if (!this.#known.has(quarter)) needed.set(quarter, time);
    }
    for (const [quarter, time] of needed) {
      await this.pool.query('SELECT ensure_quarter($1, $2)', [table, time]);
      // Another process may have an older one forgotten at any time.
      if (time.getTime() > Date.now() - LEAST_DAYS_KEPT * DAY_MS)
        this.#known.add(quarter);
    }
  }
}

/** A quarter of a table, whole. */
export interface StoredQuarter {
  table: SeenEventsTable;
  /** Its name, e.g. `activity_2024q1`. */
  name: string;
  /** Its first day, UTC, e.g. `2024-01-01`. */
  first: string;
  /** The first instant behind it: milliseconds since the epoch. */
  untilMs: number;
  /** With its indexes. */
  bytes: bigint;
}

/** The quarters that end at an instant or before it, the oldest first. @param beforeMs milliseconds since the epoch */
export async function readQuartersBefore(
  db: Queryable,
  beforeMs: number,
): Promise<StoredQuarter[]> {
  const { rows } = await db.query<{
    table: SeenEventsTable;
    name: string;
    bytes: bigint;
  }>(
    `SELECT parent.relname AS table, child.relname AS name, pg_total_relation_size(child.oid) AS bytes
     FROM pg_inherits JOIN pg_class AS parent ON parent.oid = inhparent JOIN pg_class AS child ON child.oid = inhrelid
     WHERE inhparent IN ('activity'::regclass, 'promotion_input'::regclass) AND child.relkind = 'r'
     ORDER BY right(child.relname, 6), parent.relname`,
  );
  return rows
    .map((row) => ({ ...row, ...spanOf(row.name) }))
    .filter(({ untilMs }) => untilMs <= beforeMs);
}

function spanOf(name: string): { first: string; untilMs: number } {
  const year = Number(name.slice(-6, -2));
  const month = (Number(name.slice(-1)) - 1) * 3;
  return {
    first: new Date(Date.UTC(year, month)).toISOString().slice(0, 10),
    untilMs: Date.UTC(year, month + 3),
  };
}

/**
 * From when on accepted activity is kept, as it was last said: milliseconds since the epoch, `-Infinity` where none was
 * ever forgotten. It never moves back; an event from before may be there all the same, where it came late.
 */
export async function readActivityKeptFromMs(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ kept_from: Date | null }>({
    name: 'read-activity-kept',
    text: 'SELECT kept_from FROM activity_kept WHERE singleton',
  });
  return rows[0]?.kept_from?.getTime() ?? -Infinity;
}

/**
 * Says that activity is kept from an instant on, and may be forgotten before it; nothing where it was said of a later one.
 *
 * @param fromMs the first of a quarter, UTC: milliseconds since the epoch
 * @throws DatabaseError where it is none, or was less than {@link LEAST_DAYS_KEPT} days ago
 */
export async function keepActivityFrom(
  db: Queryable,
  fromMs: number,
): Promise<void> {
  const first = new Date(fromMs).toISOString().slice(0, 10);
  await db.query('SELECT keep_activity_from($1)', [first]);
}

/**
 * Forgets a quarter, where it is still there; of activity it says that it is kept from the quarter's end on.
 *
 * @throws DatabaseError where it ended less than {@link LEAST_DAYS_KEPT} days ago, or is read for longer than a moment
 */
export async function forgetQuarter(
  db: Queryable,
  { table, first }: Pick<StoredQuarter, 'table' | 'first'>,
): Promise<void> {
  await db.query('SELECT forget_quarter($1, $2)', [table, first]);
}

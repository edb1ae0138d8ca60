import { eventKey, TOPICS } from '@app/contracts';
import { eventsOf, type Cause } from '../../cause.js';
import { entryId, type EntryKind, type Journal } from '../../entry.js';
import {
  activityDifferences,
  countActivity,
  type AcceptedEvent,
  type ActivityBounds,
  type ActivityCount,
  type ActivityDifference,
  type EventTrace,
  type NamingEntry,
} from '../../reconcile/index.js';
import type { Queryable } from '../queryable.js';
import { takenByPromoter } from './taken-by-promoter.js';

/** Rows of each side that are in memory at a time. */
const WINDOW = 2_000;

/** An event among those of a shard: they stand by their keys. */
export interface EventPlace {
  shard: number;
  /** See `eventKey`. */
  eventKey: Buffer;
}

/** Of activity, what is to be looked at. */
export interface ActivityQuery {
  shards: readonly number[];
  /** Events that happened from then on, by their own time. */
  from?: Date | null;
  /** And ahead of that. */
  to?: Date | null;
  /** The last event that was looked at already. */
  after?: EventPlace | null;
  /** Differences looked for: the last event may add a few more. */
  differencesMax: number;
  /** Events looked at. */
  eventsMax: number;
}

export interface ReconciledActivity {
  /**
   * Offsets that the granter has consumed, of the shards that were begun. What was not accepted of them was taken before,
   * belonged to another partition, is a dead letter, or held no message.
   */
  consumedOffsets: bigint;
  /** By type, of the events that were looked at. */
  counts: ActivityCount[];
  differences: (ActivityDifference & { shard: number })[];
  /** Where to go on; null where all was looked at. */
  next: EventPlace | null;
}

/**
 * Holds accepted activity against the causes of entries, both ways, event by event by their keys: two indexes read side
 * by side, a window at a time. In one transaction of one moment, or what is committed meanwhile may look like a
 * difference.
 */
export async function reconcileActivity(
  db: Queryable,
  query: ActivityQuery,
): Promise<ReconciledActivity> {
  const { shards, from, to, after, differencesMax, eventsMax } = query;
  const counts = new Map<string, ActivityCount>();
  const differences: ReconciledActivity['differences'] = [];
  let consumedOffsets = 0n;
  const found = (next: EventPlace | null): ReconciledActivity => ({
    consumedOffsets,
    counts: [...counts.values()].sort((a, b) => (a.type < b.type ? -1 : 1)),
    differences,
    next,
  });
  const keptFrom = await readKeptFrom(db);
  let looked = 0;
  for (const shard of shards) {
    if (after && shard < after.shard) continue;
    const consumed = await readConsumed(db, shard);
    const bounds: ActivityBounds = { shard, consumed, keptFrom };
    const isBegun = after?.shard === shard;
    const start = isBegun ? after.eventKey : Buffer.alloc(0);
    if (!isBegun) consumedOffsets += consumed;
    for await (const [key, trace] of tracesOf(db, shard, start)) {
      looked += 1;
      const at = trace.accepted[0]?.occurredAt ?? trace.namedBy[0]!.occurredAt;
      if ((from && at < from) || (to && at >= to)) continue;
      countActivity(counts, trace);
      for (const difference of activityDifferences(trace, bounds))
        differences.push({ shard, ...difference });
      if (differences.length >= differencesMax || looked >= eventsMax)
        return found({ shard, eventKey: key });
    }
  }
  return found(null);
}

async function* tracesOf(
  db: Queryable,
  shard: number,
  start: Buffer,
): AsyncGenerator<[Buffer, EventTrace]> {
  let after = start;
  for (;;) {
    const [accepted, named] = [
      await readAccepted(db, shard, after),
      await readNamed(db, shard, after),
    ];
    // Behind the end of a full window there may be more, also of its last event.
    const ends = [accepted, named].flatMap((rows) =>
      rows.length < WINDOW ? [] : [lastWhole(rows)],
    );
    const end = ends.sort((a, b) => a.compare(b))[0];
    const traces = merge(accepted, named, end);
    const taken = await takenByPromoter(
      db,
      shard,
      [...traces.values()].flatMap(({ key, namedBy }) =>
        namedBy.some(({ journal }) => journal === 'promotions') ? [key] : [],
      ),
    );
    for (const [hex, { key, ...trace }] of traces)
      yield [key, { ...trace, isTakenByPromoter: taken.has(hex) }];
    if (!end) return;
    after = end;
  }
}

interface Keyed {
  event_key: Buffer;
}

/** The last event all rows of which are in a full window. */
function lastWhole(rows: readonly Keyed[]): Buffer {
  const last = rows.at(-1)!.event_key;
  const before = rows.findLast(({ event_key }) => !event_key.equals(last));
  if (!before)
    throw new RangeError(
      `event ${last.toString('hex')} is in more rows than are read at a time`,
    );
  return before.event_key;
}

interface KeyedTrace {
  key: Buffer;
  accepted: AcceptedEvent[];
  namedBy: NamingEntry[];
}

/** Both sides by event, in the order of the keys, up to the end of the window. */
function merge(
  accepted: readonly AcceptedRow[],
  named: readonly NamedRow[],
  end: Buffer | undefined,
): Map<string, KeyedTrace> {
  const rows: (AcceptedRow | NamedRow)[] = [...accepted, ...named];
  rows.sort((a, b) => a.event_key.compare(b.event_key));
  const traces = new Map<string, KeyedTrace>();
  for (const row of rows) {
    const { event_key: key } = row;
    if (end && key.compare(end) > 0) break;
    const hex = key.toString('hex');
    const trace = traces.get(hex) ?? { key, accepted: [], namedBy: [] };
    traces.set(hex, trace);
    if ('journal' in row) trace.namedBy.push(toNaming(row));
    else trace.accepted.push(toAccepted(row));
  }
  return traces;
}

interface AcceptedRow extends Keyed {
  merchant_id: string;
  type: string;
  occurred_at: Date;
  kafka_offset: bigint;
  amount_minor: string | null;
  is_late: boolean;
}

async function readAccepted(
  db: Queryable,
  shard: number,
  after: Buffer,
): Promise<AcceptedRow[]> {
  const { rows } = await db.query<AcceptedRow>({
    name: 'reconcile-accepted',
    text: ACCEPTED_ACTIVITY,
    values: [shard, after],
  });
  return rows;
}

/** The next events of a shard; the parts of activity by quarter are read side by side. */
export const ACCEPTED_ACTIVITY = `
  SELECT event_key, merchant_id, type, occurred_at, kafka_offset, data ->> 'amountMinor' AS amount_minor,
    late_for IS NOT NULL AS is_late
  FROM audit.activity WHERE shard = $1 AND event_key > $2 ORDER BY event_key LIMIT ${WINDOW}`;

function toAccepted(row: AcceptedRow): AcceptedEvent {
  return {
    merchantId: row.merchant_id,
    type: row.type,
    occurredAt: row.occurred_at,
    offset: row.kafka_offset,
    amountMinor: row.amount_minor === null ? null : BigInt(row.amount_minor),
    isLate: row.is_late,
  };
}

interface NamedRow extends Keyed {
  shard: number;
  journal: Journal;
  sequence: bigint;
  kind: EntryKind;
  merchant_id: string | null;
  occurred_at: Date;
  cause: string;
  units: string | null;
  consumed_before: string | null;
  consumed: string | null;
}

async function readNamed(
  db: Queryable,
  shard: number,
  after: Buffer,
): Promise<NamedRow[]> {
  const { rows } = await db.query<NamedRow>({
    name: 'reconcile-named',
    text: EVENTS_NAMED,
    values: [shard, after],
  });
  return rows;
}

/** The next events that entries of a shard name, with the entries, and what their commits had consumed. */
export const EVENTS_NAMED = `
  SELECT named.event_key, $1::smallint AS shard, named.journal, named.sequence, entry.*, moved.units,
    ahead.consumed ->> '${TOPICS.activity}' AS consumed_before, batch.consumed ->> '${TOPICS.activity}' AS consumed
  FROM (
      SELECT event_key, journal, sequence FROM audit.entry_event
      WHERE shard = $1 AND event_key > $2 ORDER BY event_key, journal, sequence LIMIT ${WINDOW}) AS named,
    LATERAL (
      SELECT kind, merchant_id, occurred_at, recorded_at, cause::text AS cause FROM audit.entry AS told
      WHERE told.shard = $1 AND told.journal = named.journal AND told.sequence = named.sequence OFFSET 0) AS entry
    LEFT JOIN LATERAL (
      SELECT string_agg(unit, ' ' ORDER BY line) AS units FROM audit.posting AS told
      WHERE told.shard = $1 AND told.journal = named.journal AND told.sequence = named.sequence
        AND entry.kind = 'grant' OFFSET 0) AS moved ON true
    -- The first commit that reaches so far wrote it; its time of recording is the entry's.
    LEFT JOIN LATERAL (
      SELECT revision, consumed FROM audit.batch AS told
      WHERE named.journal = 'grants' AND told.shard = $1 AND told.journal = named.journal
        AND told.recorded_at >= entry.recorded_at AND told.sequence >= named.sequence
      ORDER BY told.recorded_at, told.revision LIMIT 1) AS batch ON true
    LEFT JOIN LATERAL (
      SELECT consumed FROM audit.batch AS told
      WHERE told.shard = $1 AND told.journal = named.journal AND told.revision = batch.revision - 1 OFFSET 0
    ) AS ahead ON true
  ORDER BY named.event_key, named.journal, named.sequence`;

function toNaming(row: NamedRow): NamingEntry {
  const { journal, kind } = row;
  const cause = JSON.parse(row.cause) as Cause;
  return {
    entryId: entryId(journal, row.shard, row.sequence),
    journal,
    kind,
    merchantId: row.merchant_id,
    occurredAt: row.occurred_at,
    reference: eventsOf(cause).find(({ source, id }) =>
      eventKey(source, id).equals(row.event_key),
    )!,
    consumedByCommit:
      row.consumed === null
        ? null
        : {
            from: BigInt(row.consumed_before ?? 0),
            to: BigInt(row.consumed),
          },
    grantedFor: grantedFor(cause, row.units),
  };
}

/** Alike for two grants of the same reward: none of a goal has the same twice. */
function grantedFor(cause: Cause, units: string | null): string | null {
  if (cause.type !== 'goal_reached') return null;
  const { program, version, goal, tier, period, promised, expiresAt } = cause;
  return JSON.stringify([
    program,
    version,
    goal,
    tier,
    period,
    units,
    promised,
    expiresAt,
  ]);
}

async function readConsumed(db: Queryable, shard: number): Promise<bigint> {
  const { rows } = await db.query<{ consumed: string | null }>({
    name: 'reconcile-consumed',
    text: `
      SELECT consumed ->> '${TOPICS.activity}' AS consumed FROM audit.shard_head
      WHERE shard = $1 AND journal = 'grants'`,
    values: [shard],
  });
  return BigInt(rows[0]?.consumed ?? 0);
}

/**
 * From when on events are remembered: from the first day of the oldest quarter, or as it is recorded where that is later,
 * since an event that comes late makes a forgotten quarter anew. What was forgotten before there was a record is told by
 * the quarters alone.
 */
async function readKeptFrom(db: Queryable): Promise<Date> {
  const { rows } = await db.query<{
    first: string | null;
    recorded: Date | null;
  }>({
    name: 'reconcile-kept-from',
    text: `
      SELECT (SELECT kept_from FROM audit.activity_kept) AS recorded, min(right(child.relname, 6)) AS first
      FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
      WHERE inhparent = 'public.activity'::regclass AND child.relkind = 'r'`,
  });
  const { first, recorded } = rows[0]!;
  return new Date(
    Math.max(first ? firstDayMs(first) : 0, recorded?.getTime() ?? 0),
  );
}

/** @param quarter e.g. `2024q1` */
function firstDayMs(quarter: string): number {
  return Date.UTC(
    Number(quarter.slice(0, 4)),
    (Number(quarter.slice(5)) - 1) * 3,
  );
}

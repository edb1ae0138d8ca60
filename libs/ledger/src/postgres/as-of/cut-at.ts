import {
  MomentError,
  NOTHING,
  type Cut,
  type JournalCut,
  type Moment,
} from '../../as-of/index.js';
import { JOURNALS, type Journal } from '../../entry.js';
import type { Queryable } from '../queryable.js';

/**
 * Cuts the journals of shards at a moment: a look into an index for each journal. An instant of which the clocks of
 * writers may still record something is no cut for good; one that the seal has passed is, and so is every position.
 *
 * @throws MomentError where the moment has not come: an instant in the future, a position that is not sealed
 */
export async function cutAt(
  db: Queryable,
  moment: Moment,
  shards: readonly number[],
): Promise<Cut> {
  const rows =
    moment === 'beginning' ? [] : await readSequences(db, moment, shards);
  const cuts = new Map<number, JournalCut>(
    shards.map((shard) => [shard, NOTHING]),
  );
  for (const { shard, journal, sequence } of rows)
    cuts.set(shard, { ...cuts.get(shard)!, [journal]: sequence });
  return { moment, shards: cuts };
}

/** All shards of this ledger, by number. */
export async function readShards(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ shard_count: number }>({
    name: 'read-shards',
    text: 'SELECT shard_count FROM audit.installation',
  });
  return Array.from({ length: rows[0]?.shard_count ?? 0 }, (_, i) => i);
}

interface SequenceRow {
  shard: number;
  journal: Journal;
  sequence: bigint;
}

async function readSequences(
  db: Queryable,
  moment: Exclude<Moment, 'beginning'>,
  shards: readonly number[],
): Promise<SequenceRow[]> {
  if (moment === 'now') return readHeads(db, shards);
  if ('position' in moment) {
    await assertSealed(db, moment.position);
    return readRanges(db, shards, moment.position);
  }
  const [instant, isIncluded] =
    'recordedAt' in moment
      ? [moment.recordedAt, true]
      : [moment.recordedBefore, false];
  await assertPast(db, instant);
  return readBatches(db, shards, instant, isIncluded);
}

async function readHeads(
  db: Queryable,
  shards: readonly number[],
): Promise<SequenceRow[]> {
  const { rows } = await db.query<SequenceRow>({
    name: 'cut-at-heads',
    text: `SELECT shard, journal, sequence FROM audit.shard_head WHERE shard = ANY ($1::smallint[])`,
    values: [shards],
  });
  return rows;
}

// The last of each journal, from the end of what there is of it by then.
const EACH_JOURNAL = `unnest($1::smallint[]) AS shards (shard), unnest($2::text[]) AS journals (journal)`;

async function readBatches(
  db: Queryable,
  shards: readonly number[],
  instant: Date,
  isIncluded: boolean,
): Promise<SequenceRow[]> {
  const { rows } = await db.query<SequenceRow>({
    name: isIncluded ? 'cut-at-instant' : 'cut-before-instant',
    text: `
      SELECT shard, journal, sequence FROM ${EACH_JOURNAL}, LATERAL (
        SELECT batch.sequence FROM audit.batch AS batch
        WHERE batch.shard = shards.shard AND batch.journal = journals.journal
          AND batch.recorded_at ${isIncluded ? '<=' : '<'} $3
        ORDER BY batch.recorded_at DESC, batch.revision DESC LIMIT 1) AS last`,
    values: [shards, JOURNALS, instant],
  });
  return rows;
}

async function readRanges(
  db: Queryable,
  shards: readonly number[],
  position: number,
): Promise<SequenceRow[]> {
  const { rows } = await db.query<SequenceRow>({
    name: 'cut-at-position',
    text: `
      SELECT shard, journal, least(last_sequence, first_sequence + $3::bigint - first_position) AS sequence
      FROM ${EACH_JOURNAL}, LATERAL (
        SELECT range.first_sequence, range.last_sequence, range.first_position FROM audit.sealed_range AS range
        WHERE range.shard = shards.shard AND range.journal = journals.journal AND range.first_position <= $3
        ORDER BY range.first_position DESC LIMIT 1) AS last`,
    values: [shards, JOURNALS, position],
  });
  return rows;
}

async function assertSealed(db: Queryable, position: number): Promise<void> {
  const { rows } = await db.query<{ last: bigint | null }>({
    name: 'last-sealed-position',
    text: 'SELECT max(position) AS last FROM audit.sealed_block',
  });
  const last = rows[0]?.last ?? null;
  if (last === null) throw new MomentError('nothing is sealed yet');
  if (!Number.isSafeInteger(position) || position < 0 || position > last)
    throw new MomentError(
      `position ${position} is not sealed: positions go from 0 to ${last}`,
    );
}

/** By the database's clock. */
async function assertPast(db: Queryable, instant: Date): Promise<void> {
  const { rows } = await db.query<{ now: Date }>({
    name: 'now',
    text: 'SELECT clock_timestamp() AS now',
  });
  const { now } = rows[0]!;
  if (instant > now)
    throw new MomentError(
      `${instant.toISOString()} is in the future: it is ${now.toISOString()}`,
    );
}

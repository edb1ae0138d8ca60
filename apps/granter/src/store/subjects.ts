import type { Queryable } from '@app/ledger/postgres';
import type { ActivityEvent } from '@app/contracts';
import {
  sessionsNeeded,
  subjectKey,
  subjectsNeeded,
  withEvent,
  type ProgramSet,
  type Subject,
  type SubjectAddress,
} from '@app/programs';
import { eventOf, type EventRow } from '@app/programs/postgres';
import { uncountedBy, type GoalStarts } from './goal-starts.js';

/** A row of accepted activity, as far as counting needs it. */
export interface ActivityRow extends EventRow {
  about: string;
  late_for: string | null;
  kafka_offset: bigint;
}

/** Those of an {@link ActivityRow}. */
export const ACTIVITY_COLUMNS =
  'merchant_id, about, type, occurred_at, data, late_for, kafka_offset';

/** What events are about, and the streams that they name or their orders do: see `subjectsNeeded` and `sessionsNeeded`. */
export async function readSubjectsOf(
  db: Queryable,
  set: ProgramSet,
  shard: number,
  events: readonly ActivityEvent[],
  starts: GoalStarts,
): Promise<Map<string, Subject>> {
  const needed = subjectsNeeded(set, events);
  const subjects = await readSubjects(db, shard, needed, starts);
  const named = sessionsNeeded(set, needed, subjects);
  const sessions = await readSubjects(db, shard, named, starts);
  for (const [key, session] of sessions) subjects.set(key, session);
  return subjects;
}

/** Orders, sessions, videos and products as their accepted events make them, in the order in which those came. */
export async function readSubjects(
  db: Queryable,
  shard: number,
  needed: readonly SubjectAddress[],
  starts: GoalStarts,
): Promise<Map<string, Subject>> {
  const subjects = new Map<string, Subject>();
  if (needed.length === 0) return subjects;
  // The shard is hidden from the planner: of one that it knows no rows of, it would read all of them, by any index that
  // begins with the shard. OFFSET 0 keeps each look-up apart. The other reads of merchants do the same.
  const { rows } = await db.query<ActivityRow>({
    name: 'read-subjects',
    text: `
      SELECT activity.*
      FROM unnest($2::text[], $3::text[]) AS needed (merchant_id, about), LATERAL (
        SELECT ${ACTIVITY_COLUMNS} FROM activity
        WHERE shard = (SELECT $1::smallint) AND merchant_id = needed.merchant_id AND about = needed.about
        OFFSET 0) AS activity
      ORDER BY kafka_offset`,
    values: [
      shard,
      needed.map(({ merchantId }) => merchantId),
      needed.map(({ about }) => about),
    ],
  });
  for (const row of rows) {
    const key = subjectKey(row.merchant_id, row.about);
    subjects.set(
      key,
      withEvent(subjects.get(key), eventOf(row), uncountedBy(row, starts)),
    );
  }
  return subjects;
}

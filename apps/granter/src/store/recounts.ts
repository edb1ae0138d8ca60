import {
  inTransaction,
  type Pool,
  type PoolClient,
} from '@app/ledger/postgres';
import {
  ALONE,
  bySubject,
  inOneWord,
  RecordedSessions,
  Recount,
  streamOf,
  type CountedEvent,
  type ProgramSet,
  type RecordedEvent,
} from '@app/programs';
import { eventOf } from '@app/programs/postgres';
import { uncountedBy, type GoalStarts } from './goal-starts.js';
import { ACTIVITY_COLUMNS, type ActivityRow } from './subjects.js';

/** Rows that are in memory at a time. */
const PAGE = 5_000;

/**
 * All that merchants did up to some of their events, counted once more: a page at a time, and once for all of these events
 * of one merchant.
 *
 * @param events of a batch
 * @param needed those of them of which it is needed
 */
export async function countAnew(
  pool: Pool,
  set: ProgramSet,
  shard: number,
  events: readonly CountedEvent[],
  needed: readonly CountedEvent[],
  starts: GoalStarts,
  page = PAGE,
): Promise<Map<CountedEvent, Recount>> {
  const recounts = new Map<CountedEvent, Recount>();
  const merchantIds = new Set(needed.map(({ event }) => event.merchantId));
  for (const merchantId of merchantIds) {
    const inBatch = events.filter(
      ({ event }) => event.merchantId === merchantId,
    );
    const history = { shard, merchantId, starts, page };
    await inTransaction(pool, async (client) => {
      await client.query(
        'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
      );
      const sessions = await readSessions(client, set, history);
      const ofMerchant = inBatch.flatMap((counted, i) =>
        needed.includes(counted)
          ? new EventRecount(set, counted, sessions, inBatch.slice(0, i + 1))
          : [],
      );
      await readHistory(client, history, (about, recorded) => {
        for (const one of ofMerchant) one.add(about, recorded);
      });
      for (const one of ofMerchant) {
        one.finish();
        recounts.set(one.counted, one.recount);
      }
    });
  }
  return recounts;
}

/** All up to one event, of what was recorded and of what the batch has until then. */
class EventRecount {
  readonly recount: Recount;
  readonly #rest: Map<string, RecordedEvent[]>;

  constructor(
    set: ProgramSet,
    readonly counted: CountedEvent,
    sessions: RecordedSessions,
    inBatch: readonly RecordedEvent[],
  ) {
    this.recount = new Recount(
      set,
      counted.facts,
      sessions.after(inBatch),
      streamOf(counted.event),
    );
    this.#rest = bySubject(inBatch);
  }

  /** @param recorded all that was about one subject, or some of what stands alone */
  add(about: string, recorded: readonly RecordedEvent[]): void {
    this.recount.add([...recorded, ...(this.#rest.get(about) ?? [])]);
    this.#rest.delete(about);
  }

  /** What is in the batch alone. */
  finish(): void {
    for (const ahead of this.#rest.values()) this.recount.add(ahead);
  }
}

interface History {
  shard: number;
  merchantId: string;
  starts: GoalStarts;
  page: number;
}

/** All streams of a merchant, where any goal asks for them. */
async function readSessions(
  client: PoolClient,
  set: ProgramSet,
  { shard, merchantId, starts }: History,
): Promise<RecordedSessions> {
  if (set.goalsOnAir.length === 0) return RecordedSessions.of([]);
  const { rows } = await client.query<ActivityRow>(
    `SELECT ${ACTIVITY_COLUMNS} FROM activity
     WHERE shard = $1 AND merchant_id = $2 AND starts_with(about, $3) ORDER BY kafka_offset`,
    [shard, merchantId, inOneWord({ kind: 'session', id: '' })],
  );
  return RecordedSessions.of(rows.map((row) => toRecorded(row, starts)));
}

/** Hands out what a merchant did, by what it was about, and about one thing in the order in which it was accepted. */
async function readHistory(
  client: PoolClient,
  { shard, merchantId, starts, page }: History,
  take: (about: string, recorded: readonly RecordedEvent[]) => void,
): Promise<void> {
  // A cursor sorts once, where pages by key would sort the rest again for each.
  await client.query(
    `DECLARE history NO SCROLL CURSOR FOR
     SELECT ${ACTIVITY_COLUMNS} FROM activity
     WHERE shard = $1 AND merchant_id = $2 ORDER BY about, kafka_offset`,
    [shard, merchantId],
  );
  let about = ALONE;
  let recorded: RecordedEvent[] = [];
  for (;;) {
    const { rows } = await client.query<ActivityRow>(
      `FETCH ${page} FROM history`,
    );
    for (const row of rows) {
      if (row.about !== about) {
        take(about, recorded);
        about = row.about;
        recorded = [];
      }
      recorded.push(toRecorded(row, starts));
    }
    if (about === ALONE || rows.length < page) {
      take(about, recorded);
      recorded = [];
    }
    if (rows.length < page) return;
  }
}

function toRecorded(row: ActivityRow, starts: GoalStarts): RecordedEvent {
  return { event: eventOf(row), lateFor: uncountedBy(row, starts) };
}

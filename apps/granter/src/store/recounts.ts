import { inTransaction, type Pool } from '@app/ledger/postgres';
import {
  ALONE,
  bySubject,
  isRecounted,
  Recount,
  type CountedEvent,
  type ProgramSet,
  type RecordedEvent,
} from '@app/programs';
import { eventOf } from '@app/programs/postgres';
import { uncountedBy, type GoalStarts } from './goal-starts.js';
import type { ActivityRow } from './subjects.js';

/** Rows that are in memory at a time. */
const PAGE = 5_000;

/**
 * What flags on sessions and merchants leave: all that these merchants did is counted once more, a page at a time, and
 * once for all flags on one of them.
 *
 * @param events of a batch
 */
export async function recountFlagged(
  pool: Pool,
  set: ProgramSet,
  shard: number,
  events: readonly CountedEvent[],
  starts: GoalStarts,
  page = PAGE,
): Promise<Map<CountedEvent, Recount>> {
  const recounts = new Map<CountedEvent, Recount>();
  const flagged = new Set(
    events
      .filter(({ event }) => isRecounted(event))
      .map(({ event }) => event.merchantId),
  );
  for (const merchantId of flagged) {
    const inBatch = events.filter(
      ({ event }) => event.merchantId === merchantId,
    );
    const flags = inBatch.flatMap((counted, i) =>
      isRecounted(counted.event)
        ? new FlagRecount(set, counted, inBatch.slice(0, i))
        : [],
    );
    const history = { shard, merchantId, starts, page };
    await readHistory(pool, history, (about, recorded) => {
      for (const flag of flags) flag.add(about, recorded);
    });
    for (const flag of flags) {
      flag.finish();
      recounts.set(flag.counted, flag.recount);
    }
  }
  return recounts;
}

/** What one flag leaves, of what was recorded and of what the batch has ahead of it. */
class FlagRecount {
  readonly recount: Recount;
  readonly #rest: Map<string, RecordedEvent[]>;

  constructor(
    set: ProgramSet,
    readonly counted: CountedEvent,
    ahead: readonly RecordedEvent[],
  ) {
    this.recount = new Recount(set, counted.facts);
    this.#rest = bySubject(ahead);
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

/** Hands out what a merchant did, by what it was about, and about one thing in the order in which it was accepted. */
function readHistory(
  pool: Pool,
  {
    shard,
    merchantId,
    starts,
    page,
  }: { shard: number; merchantId: string; starts: GoalStarts; page: number },
  take: (about: string, recorded: readonly RecordedEvent[]) => void,
): Promise<void> {
  return inTransaction(pool, async (client) => {
    // A cursor sorts once, where pages by key would sort the rest again for each.
    await client.query(
      `DECLARE history NO SCROLL CURSOR FOR
       SELECT merchant_id, about, type, occurred_at, data, late_for, kafka_offset FROM activity
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
        recorded.push({
          event: eventOf(row),
          lateFor: uncountedBy(row, starts),
        });
      }
      if (about === ALONE || rows.length < page) {
        take(about, recorded);
        recorded = [];
      }
      if (rows.length < page) return;
    }
  });
}

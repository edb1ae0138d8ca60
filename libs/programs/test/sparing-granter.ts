import type { ActivityEvent } from '@app/contracts';
import {
  aboutOf,
  countEvents,
  decideGrants,
  poolKey,
  progressFromJson,
  progressNeeded,
  progressToJson,
  ProgramSet,
  RecordedSessions,
  Recount,
  recountsNeeded,
  rowKey,
  sessionsNeeded,
  subjectKey,
  subjectsNeeded,
  type CountedEvent,
  type GrantOutcome,
  type MerchantFacts,
  type PeriodProgress,
  type Program,
  type ProgressAddress,
  type ProgressNeeded,
  type RecordedEvent,
  type Subject,
} from '../src/index.js';

/** What one batch led to: with all that is known, and with no more than it said that it needs. */
export interface Compared {
  withAll: GrantOutcome;
  sparing: GrantOutcome;
  needed: ProgressNeeded;
}

type Rows = Map<string, Map<string, PeriodProgress>>;

/** Decides on each batch twice, as the store does that loads only what is needed, and with everything at hand. */
export class SparingGranter {
  readonly #set: ProgramSet;
  readonly #facts = new Map<string, MerchantFacts>();
  readonly #subjects = new Map<string, Subject>();
  readonly #rows: Rows = new Map();
  readonly #due = new Map<string, { address: ProgressAddress; atMs: number }>();
  readonly #pools = new Map<string, bigint>();
  readonly #recorded: RecordedEvent[] = [];
  #sequence = 0n;
  #offset = 0;

  constructor(programs: readonly Program[]) {
    this.#set = new ProgramSet(programs);
    for (const { program, pools } of programs)
      for (const unit of ['LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP', 'CNY'] as const)
        this.#pools.set(poolKey(program, unit), pools[unit] ?? 0n);
  }

  take(events: readonly ActivityEvent[], clockMs: number): Compared {
    const inputs = events.map((event) => {
      const { source, id } = event;
      const offset = String(this.#offset++);
      const place = { topic: 'merchant.activity.v1', partition: 0, offset };
      return { event, reference: { ...place, source, id } };
    });
    const first = subjectsNeeded(this.#set, events);
    const then = sessionsNeeded(this.#set, first, this.#subjects);
    const about = new Set(
      [...first, ...then].map((one) => subjectKey(one.merchantId, one.about)),
    );
    const merchants = new Set(events.map(({ merchantId }) => merchantId));
    const counted = countEvents(
      this.#set,
      {
        facts: only(this.#facts, (merchantId) => merchants.has(merchantId)),
        subjects: only(this.#subjects, (key) => about.has(key)),
        clockMs,
        keptFromMs: -Infinity,
      },
      inputs,
    );
    const due = [...this.#due.values()]
      .filter(({ atMs }) => atMs <= clockMs)
      .map(({ address }) => address);
    const needed = progressNeeded(this.#set, counted, due);
    const place = { shard: 0, sequence: this.#sequence };
    const recounts = this.#recount(
      counted.events,
      recountsNeeded(counted, this.#needed(needed)),
    );
    const decide = (progress: Rows) =>
      decideGrants(
        this.#set,
        {
          progress,
          pools: this.#pools,
          owed: new Map(),
          payable: new Map(),
          facts: this.#facts,
          due,
          recounts,
          clockMs,
        },
        counted.events,
        place,
      );
    const withAll = decide(this.#rows);
    const sparing = decide(this.#needed(needed));
    for (const [merchantId, facts] of counted.facts)
      this.#facts.set(merchantId, facts);
    for (const [key, subject] of counted.subjects)
      this.#subjects.set(key, subject);
    this.#keep(withAll);
    return { withAll, sparing, needed };
  }

  #needed({ rows, merchants }: ProgressNeeded): Rows {
    const loaded: Rows = new Map();
    for (const merchantId of merchants) {
      const all = this.#rows.get(merchantId);
      if (all) loaded.set(merchantId, new Map(all));
    }
    for (const { merchantId, ...address } of rows) {
      const key = rowKey(address);
      const row = this.#rows.get(merchantId)?.get(key);
      if (!row) continue;
      const own = loaded.get(merchantId) ?? new Map<string, PeriodProgress>();
      loaded.set(merchantId, own.set(key, row));
    }
    return loaded;
  }

  #recount(
    events: readonly CountedEvent[],
    needed: readonly CountedEvent[],
  ): Map<CountedEvent, Recount> {
    const recounts = new Map<CountedEvent, Recount>();
    for (const counted of events) {
      const { event, lateFor, facts } = counted;
      this.#recorded.push({ event, lateFor });
      if (!needed.includes(counted)) continue;
      const own = this.#recorded.filter(
        (one) => one.event.merchantId === event.merchantId,
      );
      const recount = new Recount(this.#set, facts, RecordedSessions.of(own));
      for (const about of new Set(own.map((one) => aboutOf(one.event))))
        if (about !== null)
          recount.add(own.filter((one) => aboutOf(one.event) === about));
      for (const one of own)
        if (aboutOf(one.event) === null) recount.add([one]);
      recounts.set(counted, recount);
    }
    return recounts;
  }

  #keep({ drafts, progress }: GrantOutcome): void {
    this.#sequence += BigInt(drafts.length);
    for (const row of progress) {
      const { address, key, dueAtMs } = row;
      const { merchantId } = address;
      const own = this.#rows.get(merchantId) ?? new Map();
      this.#rows.set(
        merchantId,
        own.set(key, progressFromJson(progressToJson(row))),
      );
      if (dueAtMs === null) this.#due.delete(`${merchantId}\n${key}`);
      else this.#due.set(`${merchantId}\n${key}`, { address, atMs: dueAtMs });
    }
    for (const { postings } of drafts)
      for (const { account, unit, amount } of postings)
        if (account.startsWith('pool:')) {
          const key = poolKey(account.slice('pool:'.length), unit);
          this.#pools.set(key, this.#pools.get(key)! + amount);
        }
  }
}

function only<Value>(
  all: ReadonlyMap<string, Value>,
  isNeeded: (key: string) => boolean,
): Map<string, Value> {
  return new Map([...all].filter(([key]) => isNeeded(key)));
}

import type { ActivityEvent } from '@app/contracts';
import { standingAlone } from './count.js';
import type { Contribution } from './contribution.js';
import type { KnownSessions } from './known-merchant.js';
import { withEvent, type Subject } from './late-subject.js';
import { contributionsOfFirsts, type MerchantFacts } from './merchant-facts.js';
import { addPieces, type Piece } from './piece.js';
import type { HeldGoal, ProgramSet } from '../published/program-set.js';
import {
  rowKey,
  type GoalStanding,
  type ProgressAddress,
} from '../progress.js';
import { count } from './standing.js';
import {
  aboutOf,
  applyToSubject,
  contributionsOf,
  sessionNamedBy,
  streamOf,
  subjectOf,
  type SubjectRecord,
} from './subject.js';

/** An accepted event of a merchant, as it is kept. */
export interface RecordedEvent {
  event: ActivityEvent;
  /** The goals that it came too late for, or that had not begun: see `CountedEvent`. */
  lateFor: readonly string[];
}

/** Events about nothing but themselves have this name in the place of a subject. */
export const ALONE = '';

/** Events by what they are about, see `aboutOf`, each in its order. */
export function bySubject(
  events: readonly RecordedEvent[],
): Map<string, RecordedEvent[]> {
  const all = new Map<string, RecordedEvent[]>();
  for (const recorded of events) {
    const about = aboutOf(recorded.event) ?? ALONE;
    const known = all.get(about);
    if (known) known.push(recorded);
    else all.set(about, [recorded]);
  }
  return all;
}

/** A merchant's streams, as recorded events make them. */
export class RecordedSessions implements KnownSessions {
  private constructor(
    private readonly sessions: ReadonlyMap<string, Subject>,
  ) {}

  /** @param events of one merchant, in the order in which they were accepted; those about no stream are left out */
  static of(events: readonly RecordedEvent[]): RecordedSessions {
    return new RecordedSessions(new Map()).after(events);
  }

  session(id: string): Subject | undefined {
    return this.sessions.get(id);
  }

  /** The streams after more events. */
  after(events: readonly RecordedEvent[]): RecordedSessions {
    const sessions = new Map(this.sessions);
    for (const { event, lateFor } of events) {
      const id = streamOf(event);
      if (id === null) continue;
      sessions.set(id, withEvent(sessions.get(id), event, lateFor));
    }
    return new RecordedSessions(sessions);
  }
}

/** How far a merchant's goals have come, counted anew from all that it did. */
export interface Recounted {
  /** @param goal its name */
  standing(
    address: Pick<ProgressAddress, 'program' | 'period'>,
    goal: string,
  ): RecountedStanding;
}

export interface RecountedStanding extends Pick<
  GoalStanding,
  'value' | 'days'
> {
  /** When the latest was that it counted: milliseconds since the epoch; null where there is nothing. */
  lastMs: number | null;
}

const NOTHING_COUNTED: RecountedStanding = Object.freeze({
  value: 0,
  days: null,
  lastMs: null,
});

/**
 * Counts all that a merchant did once more, under the flags, and over the streams, that are known now. Memory is bounded by
 * the periods of its goals, and by one subject at a time.
 */
export class Recount implements Recounted {
  readonly #standings = new Map<string, RecountedStanding>();

  constructor(
    private readonly set: ProgramSet,
    /** With the flags. */
    private readonly facts: MerchantFacts,
    /** All that are known, whatever was added. */
    private readonly sessions: KnownSessions,
    /** The stream over whose period alone it is asked for; null for all periods. */
    private readonly over: string | null = null,
  ) {
    this.#add(contributionsOfFirsts(facts), () => true);
  }

  /** Takes all events about one subject, in the order in which they were accepted; or some that stand for themselves. */
  add(events: readonly RecordedEvent[]): void {
    const [first] = events;
    if (!first || !this.#isAskedFor(events)) return;
    const kind = subjectOf(first.event)?.kind;
    if (!kind) {
      for (const { event, lateFor } of events)
        this.#add(standingAlone(event), ({ id }) => !lateFor.includes(id));
      return;
    }
    const late = new Set(events.flatMap(({ lateFor }) => lateFor));
    this.#add(
      contributionsOf(kind, recordAfter(events)),
      ({ id }) => !late.has(id),
    );
    for (const goalId of late) {
      const onTime = events.filter(({ lateFor }) => !lateFor.includes(goalId));
      this.#add(
        contributionsOf(kind, recordAfter(onTime)),
        ({ id }) => id === goalId,
      );
    }
  }

  standing(
    address: Pick<ProgressAddress, 'program' | 'period'>,
    goal: string,
  ): RecountedStanding {
    return this.#standings.get(standingKey(address, goal)) ?? NOTHING_COUNTED;
  }

  /** What names a stream in none of its events belongs to none: of a merchant with many, most are passed over. */
  #isAskedFor(events: readonly RecordedEvent[]): boolean {
    const { over } = this;
    return (
      over === null ||
      events.some(
        ({ event }) => (sessionNamedBy(event) ?? streamOf(event)) === over,
      )
    );
  }

  #add(
    contributions: readonly Contribution[],
    isFor: (goal: HeldGoal) => boolean,
  ): void {
    for (const contribution of contributions)
      for (const goal of this.set.goalsOf(contribution.metric)) {
        if (!isFor(goal)) continue;
        const pieces: Piece[] = [];
        addPieces(pieces, goal, this.facts, this.sessions, null, contribution);
        for (const piece of pieces) {
          const key = standingKey(
            { program: goal.held.lineage, period: piece.period.key },
            goal.goal.goal,
          );
          let standing = this.#standings.get(key);
          if (!standing) {
            standing = { ...NOTHING_COUNTED };
            this.#standings.set(key, standing);
          }
          count(standing, piece);
          standing.lastMs = Math.max(
            standing.lastMs ?? -Infinity,
            contribution.atMs,
          );
        }
      }
  }
}

function recordAfter(
  events: readonly RecordedEvent[],
): SubjectRecord | undefined {
  return events.reduce<SubjectRecord | undefined>(
    (record, { event }) => applyToSubject(record, event),
    undefined,
  );
}

function standingKey(
  { program, period }: Pick<ProgressAddress, 'program' | 'period'>,
  goal: string,
): string {
  return `${rowKey({ program, period })}\n${goal}`;
}

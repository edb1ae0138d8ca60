import type { ActivityEvent } from '@app/contracts';
import type { CountedBatch, CountedEvent } from '../count/count.js';
import { recordsOf, type Subject } from '../count/late-subject.js';
import { mayCountOtherwise, type AirtimeChange } from '../count/on-air.js';
import { capPeriodAt, type ProgramSet } from '../published/program-set.js';
import { becameEligible } from './became-eligible.js';
import type { KnownProgress } from './open-rows.js';
import {
  NOT_STARTED,
  rowKey,
  type PeriodProgress,
  type ProgressAddress,
} from '../progress.js';
import {
  aboutOf,
  inOneWord,
  sessionNamedBy,
  sessionNamedIn,
  subjectKey,
} from '../count/subject.js';

export interface SubjectAddress {
  merchantId: string;
  /** See {@link aboutOf}. */
  about: string;
}

/** The subjects that a batch is about, and the streams that it names: with the facts of its merchants the first to be loaded. */
export function subjectsNeeded(
  set: ProgramSet,
  events: readonly ActivityEvent[],
): SubjectAddress[] {
  const needed = new Map<string, SubjectAddress>();
  const need = (merchantId: string, about: string): void => {
    needed.set(subjectKey(merchantId, about), { merchantId, about });
  };
  const countsOnAir = set.goalsOnAir.length > 0;
  for (const event of events) {
    const about = aboutOf(event);
    if (about !== null) need(event.merchantId, about);
    const sessionId = countsOnAir ? sessionNamedBy(event) : null;
    if (sessionId !== null)
      need(event.merchantId, inOneWord({ kind: 'session', id: sessionId }));
  }
  return [...needed.values()];
}

/**
 * The streams that orders name whose events do not, such as a refund: the second to be loaded.
 *
 * @param needed those that were loaded first
 * @param subjects what came of them, by {@link subjectKey}
 */
export function sessionsNeeded(
  set: ProgramSet,
  needed: readonly SubjectAddress[],
  subjects: ReadonlyMap<string, Subject>,
): SubjectAddress[] {
  if (set.goalsOnAir.length === 0) return [];
  const loaded = new Set(
    needed.map(({ merchantId, about }) => subjectKey(merchantId, about)),
  );
  const sessions = new Map<string, SubjectAddress>();
  for (const { merchantId, about } of needed) {
    for (const record of recordsOf(
      subjects.get(subjectKey(merchantId, about)),
    )) {
      const sessionId = sessionNamedIn(record);
      if (sessionId === null) continue;
      const session = inOneWord({ kind: 'session', id: sessionId });
      const key = subjectKey(merchantId, session);
      if (!loaded.has(key)) sessions.set(key, { merchantId, about: session });
    }
  }
  return [...sessions.values()];
}

/** What deciding on a counted batch has to look at: the second to be loaded. */
export interface ProgressNeeded {
  rows: ProgressAddress[];
  /** Merchants of whom every row is needed. */
  merchants: Set<string>;
}

/** @param due rows that the clock may decide in */
export function progressNeeded(
  set: ProgramSet,
  { events }: CountedBatch,
  due: readonly ProgressAddress[],
): ProgressNeeded {
  const rows = new Map<string, ProgressAddress>();
  const merchants = new Set<string>();
  const need = (address: ProgressAddress): void => {
    rows.set(`${address.merchantId}\n${rowKey(address)}`, address);
  };
  for (const counted of events) {
    const { merchantId, occurredAtMs } = counted.event;
    if (needsAllRows(set, counted)) merchants.add(merchantId);
    for (const { goal, period } of [...counted.changes, ...counted.airtimes]) {
      need({ merchantId, program: goal.held.lineage, period: period.key });
      for (const cap of goal.held.program.caps)
        need({
          merchantId,
          program: goal.held.lineage,
          period: capPeriodAt(goal.held, cap.period, occurredAtMs).key,
        });
    }
  }
  for (const address of due) {
    need(address);
    // What was granted counts in a cap's period at the time of settling, whenever that was.
    if (set.hasCaps(address.program)) merchants.add(address.merchantId);
  }
  return { rows: [...rows.values()], merchants };
}

function needsAllRows(set: ProgramSet, counted: CountedEvent): boolean {
  return (
    isRecounted(counted.event) ||
    set.held.some(({ program }) => becameEligible(program, counted))
  );
}

/**
 * The events of a batch after which what the merchant did is counted anew: flags on sessions and merchants, and starts and
 * ends of streams that come out of turn. The last to be loaded.
 *
 * @param progress the rows of {@link progressNeeded}
 */
export function recountsNeeded(
  { events }: CountedBatch,
  progress: KnownProgress,
): CountedEvent[] {
  const ahead = new StreamsCounted();
  return events.filter((counted) => {
    const { merchantId } = counted.event;
    const ofMerchant = progress.get(merchantId);
    const isNeeded =
      isRecounted(counted.event) ||
      counted.airtimes.some((airtime) => {
        const known = ofMerchant?.get(airtime.period.rowKey) ?? null;
        return mayCountOtherwise(
          airtime,
          ahead.over(merchantId, airtime, known),
        );
      });
    ahead.take(counted);
    return isNeeded;
  });
}

/** What a batch has counted in streams by then, as far as {@link mayCountOtherwise} asks. */
class StreamsCounted {
  /** When the latest event was, by merchant and row. */
  readonly #lastMs = new Map<string, number>();

  take({ event: { merchantId, occurredAtMs }, changes }: CountedEvent): void {
    for (const { goal, period } of changes) {
      if (!goal.countsOnAir) continue;
      const key = subjectKey(merchantId, period.rowKey);
      const lastMs = this.#lastMs.get(key) ?? -Infinity;
      this.#lastMs.set(key, Math.max(lastMs, occurredAtMs));
    }
  }

  over(
    merchantId: string,
    { goal, period }: AirtimeChange,
    known: PeriodProgress | null,
  ): Pick<PeriodProgress, 'goals' | 'lastMs'> | null {
    const aheadMs = this.#lastMs.get(subjectKey(merchantId, period.rowKey));
    if (aheadMs === undefined) return known;
    const knownMs = known ? (known.lastMs ?? Infinity) : -Infinity;
    return {
      goals: [{ ...NOT_STARTED, goal: goal.goal.goal }],
      lastMs: Math.max(knownMs, aheadMs),
    };
  }
}

/** Whether an event is a flag on a session or a merchant, after which all that the merchant did is counted anew. */
export function isRecounted(event: ActivityEvent): boolean {
  return event.type === 'risk.flagged' && event.data.target.kind !== 'order';
}

import type { ActivityEvent } from '@app/contracts';
import type { CountedBatch, CountedEvent } from '../count/count.js';
import { recordsOf, type Subject } from '../count/late-subject.js';
import { capPeriodAt, type ProgramSet } from '../published/program-set.js';
import { becameEligible } from './became-eligible.js';
import { isRecounted } from './recounts-needed.js';
import { rowKey, type ProgressAddress } from '../progress.js';
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

/** What deciding on a counted batch has to look at: the third to be loaded. */
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

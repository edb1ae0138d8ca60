import type { ActivityEvent } from '@app/contracts';
import type { EventReference } from '@app/ledger';
import { Changes, type Register } from '../changes.js';
import type { Contribution, FallReason } from './contribution.js';
import { EventCount } from './event-count.js';
import { withEvent, type Subject } from './late-subject.js';
import {
  applyToFacts,
  contributionsOfFirsts,
  UNKNOWN_MERCHANT,
  type MerchantFacts,
} from './merchant-facts.js';
import type { Piece } from './piece.js';
import type { ProgramSet } from '../published/program-set.js';
import { subjectOf, type SubjectName, type SubjectRecord } from './subject.js';
import type { OrderRecord } from './subject-order.js';
import { KeyedSubjects, type Subjects } from './subjects.js';

/** An event to count, and where it came from. */
export interface ActivityInput {
  event: ActivityEvent;
  reference: EventReference;
}

/** What counting a batch needs to know. None of it is changed. */
export interface CountState {
  /** By merchant. */
  facts: ReadonlyMap<string, MerchantFacts>;
  /** By {@link subjectKey}. */
  subjects: ReadonlyMap<string, Subject>;
  /** What time it is, by which events are late: milliseconds since the epoch. */
  clockMs: number;
}

/** What is known as counting goes on, which keeps in it what it learns. */
export interface Known {
  facts: Register<MerchantFacts>;
  subjects: Subjects;
  /** See {@link CountState}. */
  clockMs: number;
}

/** An event and what it changes. */
export interface CountedEvent extends ActivityInput {
  /** What is known of the merchant after it. */
  facts: MerchantFacts;
  because: FallReason;
  /** Those of one goal and period one behind the other, at most one a day, and none of them nothing. */
  changes: readonly Piece[];
  /** {@link HeldGoal.id} of the goals that it comes too late for, or while their program is paused. */
  lateFor: readonly string[];
}

export interface CountedBatch {
  events: CountedEvent[];
  /** By merchant: facts that the batch has changed, as they are after it. */
  facts: Map<string, MerchantFacts>;
  /** By {@link subjectKey}: the subjects of the batch, as they are after it. */
  subjects: Map<string, Subject>;
}

/**
 * What the events of a batch change in the metrics of all goals, in their order. Pure. Flags on a session or a merchant
 * change nothing here: what they leave has to be counted anew, see `Recount`.
 *
 * @param inputs each event once: duplicates are the caller's to drop
 */
export function countEvents(
  set: ProgramSet,
  state: CountState,
  inputs: readonly ActivityInput[],
): CountedBatch {
  const facts = new Changes(state.facts);
  const subjects = new Changes(state.subjects);
  const known = {
    facts,
    subjects: new KeyedSubjects(subjects),
    clockMs: state.clockMs,
  };
  const events = inputs.map((input) => countEvent(known, set, input));
  return { events, facts: facts.made, subjects: subjects.made };
}

/** The same of one event, over what is known, which moves with it. */
export function countEvent(
  { facts, subjects, clockMs }: Known,
  set: ProgramSet,
  { event, reference }: ActivityInput,
): CountedEvent {
  const { merchantId } = event;
  const name = subjectOf(event);
  const subject = name === null ? undefined : subjects.of(merchantId, name);
  const before = facts.get(merchantId) ?? UNKNOWN_MERCHANT;
  const after = applyToFacts(before, event, isFlagged(name, subject));
  if (after !== before) facts.set(merchantId, after);

  const because = reasonOf(event);
  const count = new EventCount(set, after, because, clockMs);
  let record: SubjectRecord | undefined;
  if (name === null) count.take(NONE, standingAlone(event));
  else record = count.takeSubject(name.kind, subject, event);
  if (after !== before)
    count.take(contributionsOfFirsts(before), contributionsOfFirsts(after));
  const { changes, lateFor } = count;
  if (name !== null)
    subjects.keep(merchantId, name, withEvent(subject, event, lateFor, record));
  return { event, reference, facts: after, because, changes, lateFor };
}

function isFlagged(
  name: SubjectName | null,
  subject: Subject | undefined,
): boolean {
  if (name?.kind !== 'order' || !subject) return false;
  return (subject.record as OrderRecord).isFlagged;
}

const NONE: readonly Contribution[] = [];

/** What an event adds that is about nothing but itself. */
export function standingAlone(event: ActivityEvent): readonly Contribution[] {
  const atMs = event.occurredAtMs;
  switch (event.type) {
    case 'follower.gained': {
      const { count, channel, sessionId } = event.data;
      return [
        {
          metric: 'followers',
          amount: count,
          atMs,
          channel,
          sessionId: sessionId ?? null,
        },
      ];
    }
    case 'ads.spent':
      return [
        {
          metric: 'adsSpentMinor',
          amount: event.data.amountMinor,
          atMs,
          channel: null,
          sessionId: null,
        },
      ];
    default:
      return NONE;
  }
}

function reasonOf({ type }: ActivityEvent): FallReason {
  if (type === 'order.refunded') return 'refund';
  return type === 'risk.flagged' ? 'flag' : 'correction';
}

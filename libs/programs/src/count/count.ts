import type { ActivityEvent } from '@app/contracts';
import type { EventReference } from '@app/ledger';
import { Changes } from '../changes.js';
import type { CountingTime } from './counting-time.js';
import type { Contribution, FallReason } from './contribution.js';
import { EventCount } from './event-count.js';
import { MerchantOfBatch, type KnownMerchant } from './known-merchant.js';
import { recordOf, withEvent, type Subject } from './late-subject.js';
import {
  applyToFacts,
  contributionsOfFirsts,
  type MerchantFacts,
} from './merchant-facts.js';
import type { AirtimeChange } from './on-air.js';
import type { Piece } from './piece.js';
import type { ProgramSet } from '../published/program-set.js';
import { subjectOf, type SubjectName, type SubjectRecord } from './subject.js';
import type { OrderRecord } from './subject-order.js';

/** An event to count, and where it came from. */
export interface ActivityInput {
  event: ActivityEvent;
  reference: EventReference;
}

/** What counting a batch needs to know. None of it is changed. */
export interface CountState extends CountingTime {
  /** By merchant. */
  facts: ReadonlyMap<string, MerchantFacts>;
  /** By {@link subjectKey}. */
  subjects: ReadonlyMap<string, Subject>;
}

/** An event and what it changes. */
export interface CountedEvent extends ActivityInput {
  /** What is known of the merchant after it, and what was ahead of it: the same where it says nothing new. */
  facts: MerchantFacts;
  factsBefore: MerchantFacts;
  because: FallReason;
  /** Those of one goal and period one behind the other, at most one a day, and none of them nothing. */
  changes: readonly Piece[];
  /** {@link HeldGoal.id} of the goals that it comes too late for, or while their program is paused. */
  lateFor: readonly string[];
  /** Of a stream's start or end: where goals count otherwise from now what names the stream. */
  airtimes: readonly AirtimeChange[];
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
 * change nothing here: what they leave has to be counted anew, see `Recount`. So has, now and then, what names a stream
 * whose start or end comes out of turn.
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
  const events = inputs.map((input) => {
    const { merchantId } = input.event;
    const merchant = new MerchantOfBatch(merchantId, facts, subjects);
    return countEvent(merchant, set, input, state);
  });
  return { events, facts: facts.made, subjects: subjects.made };
}

/** The same of one event, over what is known of its merchant, which moves with it. */
export function countEvent(
  merchant: KnownMerchant,
  set: ProgramSet,
  { event, reference }: ActivityInput,
  time: CountingTime,
): CountedEvent {
  const name = subjectOf(event);
  const subject = name === null ? undefined : merchant.subject(name);
  const before = merchant.facts;
  const after = applyToFacts(before, event, isFlagged(name, subject));
  if (after !== before) merchant.facts = after;

  const because = reasonOf(event);
  const count = new EventCount(set, after, merchant, because, time);
  let record: SubjectRecord | undefined;
  if (name === null) count.take(NONE, standingAlone(event));
  else record = count.takeSubject(name.kind, subject, event);
  if (after !== before)
    count.take(contributionsOfFirsts(before), contributionsOfFirsts(after));
  const { changes, lateFor, airtimes } = count;
  if (name !== null)
    merchant.keepSubject(name, withEvent(subject, event, lateFor, record));
  return {
    event,
    reference,
    facts: after,
    factsBefore: before,
    because,
    changes,
    lateFor,
    airtimes,
  };
}

function isFlagged(
  name: SubjectName | null,
  subject: Subject | undefined,
): boolean {
  if (name?.kind !== 'order' || !subject) return false;
  return (recordOf(subject) as OrderRecord).isFlagged;
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

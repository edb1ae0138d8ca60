import type { ActivityEvent } from '@app/contracts';
import type { EventReference } from '@app/ledger';
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
import type { ProgramSet } from './program-set.js';
import { aboutOf, subjectKey, type SubjectRecord } from './subject.js';

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
  const facts = new Map<string, MerchantFacts>();
  const subjects = new Map<string, Subject>();
  const events = inputs.map((input): CountedEvent => {
    const { event, reference } = input;
    const { merchantId } = event;
    const about = aboutOf(event);
    const key = about === null ? null : subjectKey(merchantId, about);
    const before =
      key === null ? undefined : (subjects.get(key) ?? state.subjects.get(key));
    const known =
      facts.get(merchantId) ?? state.facts.get(merchantId) ?? UNKNOWN_MERCHANT;
    const after = applyToFacts(known, event, isFlagged(before));
    if (after !== known) facts.set(merchantId, after);

    const because = reasonOf(event);
    const count = new EventCount(set, after, because, state.clockMs);
    let record: SubjectRecord | undefined;
    if (about === null || key === null)
      count.take({ went: NONE, came: standingAlone(event) });
    else record = count.takeSubject(about, before, event);
    if (after !== known)
      count.take({
        went: contributionsOfFirsts(known),
        came: contributionsOfFirsts(after),
      });
    if (key !== null)
      subjects.set(key, withEvent(before, event, count.lateFor, record));
    return {
      event,
      reference,
      facts: after,
      because,
      changes: count.changes,
      lateFor: count.lateFor,
    };
  });
  return { events, facts, subjects };
}

function isFlagged(subject: Subject | undefined): boolean {
  return subject?.record.subject === 'order' && subject.record.isFlagged;
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

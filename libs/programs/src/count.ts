import type { ActivityEvent } from '@app/contracts';
import type { EventReference } from '@app/ledger';
import type { Contribution, ContributedMetric } from './contribution.js';
import {
  applyToFacts,
  contributionsOfFirsts,
  UNKNOWN_MERCHANT,
  type MerchantFacts,
} from './merchant-facts.js';
import { piecesOf, type ContributionChange, type Piece } from './piece.js';
import { closesAtMs, type HeldGoal, type ProgramSet } from './program-set.js';
import {
  aboutOf,
  applyToSubject,
  contributionsOf,
  subjectKey,
  type SubjectRecord,
} from './subject.js';

/** An event to count, and where it came from. */
export interface ActivityInput {
  event: ActivityEvent;
  reference: EventReference;
}

/** A subject, and what it is to the goals for which some of its events came too late, or before the goal began. */
export interface Subject {
  record: SubjectRecord;
  /** By {@link HeldGoal.id}. */
  lateFor: ReadonlyMap<string, SubjectRecord | undefined> | null;
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

/** What made a metric fall. */
export type FallReason = 'refund' | 'flag' | 'correction';

/** How an event changes a goal. */
export interface GoalChange {
  goal: HeldGoal;
  /** At most one a period and day, none of them nothing. */
  pieces: readonly Piece[];
}

/** An event and what it changes. */
export interface CountedEvent extends ActivityInput {
  /** What is known of the merchant after it. */
  facts: MerchantFacts;
  because: FallReason;
  changes: readonly GoalChange[];
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
          amount: BigInt(count),
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
          amount: BigInt(event.data.amountMinor),
          atMs,
          channel: null,
          sessionId: null,
        },
      ];
    default:
      return NONE;
  }
}

/** The subject after an event that some goals find too late. @param record after it, where that is known already */
export function withEvent(
  before: Subject | undefined,
  event: ActivityEvent,
  lateFor: readonly string[],
  record = applyToSubject(before?.record, event),
): Subject {
  if (!before?.lateFor && lateFor.length === 0)
    return { record, lateFor: null };
  const apart = new Map<string, SubjectRecord | undefined>();
  for (const [goalId, known] of before?.lateFor ?? [])
    apart.set(
      goalId,
      lateFor.includes(goalId) ? known : applyToSubject(known, event),
    );
  for (const goalId of lateFor)
    if (!apart.has(goalId)) apart.set(goalId, before?.record);
  return { record, lateFor: apart };
}

function reasonOf({ type }: ActivityEvent): FallReason {
  if (type === 'order.refunded') return 'refund';
  return type === 'risk.flagged' ? 'flag' : 'correction';
}

/** How one event changes all goals. */
class EventCount {
  readonly changes: GoalChange[] = [];
  readonly lateFor: string[] = [];

  constructor(
    private readonly set: ProgramSet,
    private readonly facts: MerchantFacts,
    private readonly because: FallReason,
    private readonly clockMs: number,
  ) {}

  /**
   * @param before what the event is about, as it was known ahead of it
   * @returns its record after the event
   */
  takeSubject(
    about: string,
    before: Subject | undefined,
    event: ActivityEvent,
  ): SubjectRecord {
    const after = applyToSubject(before?.record, event);
    const change = {
      went: contributionsOf(before?.record, about),
      came: contributionsOf(after, about),
    };
    if (before?.lateFor) this.#takeApart(about, change, before.lateFor, event);
    else this.take(change);
    return after;
  }

  take(change: ContributionChange): void {
    for (const metric of metricsOf(change))
      for (const goal of this.set.goalsOf(metric))
        this.#change(goal, metric, change);
  }

  /** Goals that found an event of the subject late know another record of it than the rest. */
  #takeApart(
    about: string,
    ordinary: ContributionChange,
    apart: NonNullable<Subject['lateFor']>,
    event: ActivityEvent,
  ): void {
    for (const { goals } of this.set.held)
      for (const goal of goals) {
        const change = apart.has(goal.id)
          ? changeOf(apart.get(goal.id), about, event)
          : ordinary;
        for (const metric of metricsOf(change))
          if (this.set.goalsOf(metric).includes(goal))
            this.#change(goal, metric, change);
      }
  }

  #change(
    goal: HeldGoal,
    metric: ContributedMetric,
    change: ContributionChange,
  ): void {
    const pieces = piecesOf(goal, this.facts, metric, change);
    if (pieces.length === 0) return;
    const isLate = pieces.some(
      ({ amount, period }) =>
        (amount > 0n || this.because === 'correction') &&
        (goal.held.isPaused || this.clockMs >= closesAtMs(goal, period.endMs)),
    );
    if (isLate) this.lateFor.push(goal.id);
    else this.changes.push({ goal, pieces });
  }
}

function changeOf(
  record: SubjectRecord | undefined,
  about: string,
  event: ActivityEvent,
): ContributionChange {
  return {
    went: contributionsOf(record, about),
    came: contributionsOf(applyToSubject(record, event), about),
  };
}

function metricsOf({ went, came }: ContributionChange): ContributedMetric[] {
  const metrics: ContributedMetric[] = [];
  for (const { metric } of went)
    if (!metrics.includes(metric)) metrics.push(metric);
  for (const { metric } of came)
    if (!metrics.includes(metric)) metrics.push(metric);
  return metrics;
}

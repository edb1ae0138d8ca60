import type { ActivityEvent } from '@app/contracts';
import type {
  ContributedMetric,
  Contribution,
  FallReason,
} from './contribution.js';
import {
  lateForOf,
  recordOf,
  recordsOf,
  withEvent,
  type LateSubject,
  type Subject,
} from './late-subject.js';
import type { CountingTime } from './counting-time.js';
import type { KnownSessions } from './known-merchant.js';
import type { MerchantFacts } from './merchant-facts.js';
import { airtimeOf, type AirtimeChange } from './on-air.js';
import { addPieces, type Piece } from './piece.js';
import { forgottenUntilMs, isOpenUntilForgotten } from '../forgetting.js';
import {
  closesAtMs,
  endsAtMs,
  periodAt,
  type HeldGoal,
  type ProgramSet,
} from '../published/program-set.js';
import {
  applyToSubject,
  contributionsOf,
  type SessionRecord,
  type SubjectKind,
  type SubjectRecord,
} from './subject.js';
import type { Period } from '../time/period.js';

const NO_GOALS: readonly string[] = [];
const NO_AIRTIMES: readonly AirtimeChange[] = [];
/** Where nothing is known of streams, nothing is left out for them. */
const ALWAYS_ON_AIR: KnownSessions = { session: () => undefined };

/** How one event changes all goals. */
export class EventCount {
  readonly changes: Piece[] = [];
  /** Of a stream's start or end. */
  airtimes: readonly AirtimeChange[] = NO_AIRTIMES;
  /** {@link HeldGoal.id} of the goals that it comes too late for, or while their program is paused. */
  lateFor: readonly string[] = NO_GOALS;

  constructor(
    private readonly set: ProgramSet,
    private readonly facts: MerchantFacts,
    private readonly sessions: KnownSessions,
    private readonly because: FallReason,
    private readonly time: CountingTime,
  ) {}

  /**
   * @param before what the event is about, as it was known ahead of it
   * @returns its record after the event
   */
  takeSubject(
    kind: SubjectKind,
    before: Subject | undefined,
    event: ActivityEvent,
  ): SubjectRecord {
    const known = before && recordOf(before);
    const after = applyToSubject(known, event);
    const went = contributionsOf(kind, known);
    const came = contributionsOf(kind, after);
    const lateFor = lateForOf(before);
    if (lateFor) this.#takeApart(kind, went, came, lateFor, event);
    else this.take(went, came);
    if (kind === 'session')
      this.airtimes = this.#airtimeChanges(
        before,
        withEvent(before, event, NO_GOALS, after),
        event,
      );
    return after;
  }

  /**
   * Never too late, but where it is forgotten what was paid: what was before a stream's start or after its end never had
   * a right to count.
   */
  #airtimeChanges(
    session: Subject | undefined,
    sessionAfter: Subject,
    { occurredAtMs }: ActivityEvent,
  ): AirtimeChange[] {
    const { sessionId } = recordOf(sessionAfter) as SessionRecord;
    const isAnyForgotten = this.time.keptFromMs !== -Infinity;
    const changes: AirtimeChange[] = [];
    for (const versions of this.set.goalsOnAir) {
      const goal = versionAt(versions, occurredAtMs);
      const before = airtimeOf(session, goal);
      const after = airtimeOf(sessionAfter, goal);
      if (before.fromMs === after.fromMs && before.untilMs === after.untilMs)
        continue;
      const period = periodAt(goal, { atMs: occurredAtMs, sessionId })!;
      if (isAnyForgotten) {
        const firstMs = firstKnownMs(session, sessionAfter);
        if (this.#isForgotten(goal, period, firstMs)) continue;
      }
      changes.push({ goal, period, before, after });
    }
    return changes;
  }

  /** Contributions before a change, and after it: at most one to each metric. */
  take(went: readonly Contribution[], came: readonly Contribution[]): void {
    for (const gone of went)
      this.#takeMetric(gone.metric, gone, to(gone.metric, came));
    for (const added of came)
      if (!to(added.metric, went)) this.#takeMetric(added.metric, null, added);
  }

  #takeMetric(
    metric: ContributedMetric,
    gone: Contribution | null,
    added: Contribution | null,
  ): void {
    for (const goal of this.set.goalsOf(metric))
      this.#change(goal, gone, added);
  }

  /** Goals that found an event of the subject late know another record of it than the rest. */
  #takeApart(
    kind: SubjectKind,
    went: readonly Contribution[],
    came: readonly Contribution[],
    apart: LateSubject['lateFor'],
    event: ActivityEvent,
  ): void {
    for (const { goals } of this.set.held)
      for (const goal of goals) {
        const { counted, id } = goal;
        let gone = to(counted, went);
        let added = to(counted, came);
        if (apart.has(id)) {
          const record = apart.get(id);
          gone = to(counted, contributionsOf(kind, record));
          added = to(
            counted,
            contributionsOf(kind, applyToSubject(record, event)),
          );
        }
        if (gone || added) this.#change(goal, gone, added);
      }
  }

  #change(
    goal: HeldGoal,
    gone: Contribution | null,
    added: Contribution | null,
  ): void {
    const { changes } = this;
    const before = changes.length;
    addPieces(changes, goal, this.facts, this.sessions, gone, added);
    const isOffAir = changes.length === before && goal.countsOnAir;
    // A start or an end that comes later may take it in: then it is to be known that it came too late.
    if (isOffAir && this.#mayBeLate(goal))
      addPieces(changes, goal, this.facts, ALWAYS_ON_AIR, gone, added);
    if (changes.length === before) return;
    const isLate = this.#isLate(goal, before, gone, added);
    if (isLate) this.lateFor = [...this.lateFor, goal.id];
    if (isLate || isOffAir) changes.length = before;
  }

  #mayBeLate(goal: HeldGoal): boolean {
    return !goal.isAlwaysOpen || this.time.keptFromMs !== -Infinity;
  }

  /**
   * A stream over a boundary is heard of when it has ended: what only adds is late where no period that it adds to is open.
   * Anything else is late where one is closed, so that nothing is moved half.
   *
   * @param from the place of the goal's first piece; those behind it are the goal's, too
   */
  #isLate(
    goal: HeldGoal,
    from: number,
    gone: Contribution | null,
    added: Contribution | null,
  ): boolean {
    if (!this.#mayBeLate(goal)) return false;
    const { isPaused } = goal.held;
    const isCorrection = this.because === 'correction';
    let isClosed = false;
    let isOpen = false;
    let isLowered = false;
    for (let i = from; i < this.changes.length; i++) {
      const { amount, period } = this.changes[i]!;
      isLowered ||= amount < 0;
      if (amount < 0 && !isCorrection) continue;
      if (isPaused || this.#isClosed(goal, period, gone, added))
        isClosed = true;
      else isOpen = true;
    }
    return isClosed && (isLowered || !isOpen);
  }

  /** Whether a period of a goal is closed to what happened in it. */
  #isClosed(
    goal: HeldGoal,
    period: Period,
    gone: Contribution | null,
    added: Contribution | null,
  ): boolean {
    // Of nearly every event this is all that is asked.
    if (this.time.clockMs < period.endMs && period.endMs < Infinity)
      return false;
    const atMs = Math.min(gone?.atMs ?? Infinity, added?.atMs ?? Infinity);
    return isOpenUntilForgotten(goal)
      ? this.#isForgotten(goal, period, atMs)
      : this.time.clockMs >= closesAtMs(goal, endsAtMs(goal, period, atMs));
  }

  /** Whether a period of a goal, in which something happened at an instant, is over and forgotten. */
  #isForgotten(goal: HeldGoal, period: Period, atMs: number): boolean {
    const { clockMs, keptFromMs } = this.time;
    if (keptFromMs === -Infinity) return false;
    const endMs = endsAtMs(goal, period, atMs);
    return (
      clockMs >= endMs && endMs <= forgottenUntilMs(this.set, goal, keptFromMs)
    );
  }
}

/** The version that holds at an instant: ahead of all the first of them, and behind them the last. */
function versionAt(versions: readonly HeldGoal[], atMs: number): HeldGoal {
  return (
    versions.find(({ held }) => atMs < held.holds.untilMs) ?? versions.at(-1)!
  );
}

/** The earliest that is known of a stream before an event and after it, to whichever goals. */
function firstKnownMs(before: Subject | undefined, after: Subject): number {
  let firstMs = Infinity;
  for (const record of [...recordsOf(before), ...recordsOf(after)]) {
    const { startedAtMs, endedAtMs } = record as SessionRecord;
    firstMs = Math.min(firstMs, startedAtMs ?? Infinity, endedAtMs ?? Infinity);
  }
  return firstMs;
}

function to(
  metric: ContributedMetric,
  contributions: readonly Contribution[],
): Contribution | null {
  for (const one of contributions) if (one.metric === metric) return one;
  return null;
}

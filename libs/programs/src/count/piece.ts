import { CHANNELS } from '@app/contracts';
import type { Contribution } from './contribution.js';
import { negative, sum, type Exact } from '../exact.js';
import type { KnownSessions } from './known-merchant.js';
import type { MerchantFacts } from './merchant-facts.js';
import { isOnAir } from './on-air.js';
import { DAY_METRICS, type Span } from '../program.js';
import { isIn, type Period } from '../time/period.js';
import {
  intersection,
  isOpen,
  periodAt,
  type HeldGoal,
} from '../published/program-set.js';

/** What a change comes to in one period of a goal. */
export interface Piece {
  goal: HeldGoal;
  period: Period;
  /** Of metrics made of days on air, seconds; never nothing. */
  amount: Exact;
  /** Of metrics made of days on air, the local day: days since 1970-01-01. */
  day: number | null;
  /** Whether the program pays for what happens then: over `lifetime` what was before its window counts as well. */
  isOpen: boolean;
  /**
   * Over a session, when the latest of it happened, a stream at its start: milliseconds since the epoch; null over other
   * periods, where nobody asks.
   */
  atMs: number | null;
}

/**
 * Adds what a change comes to for a goal, of what went of its metric and what came: by period (and day), those of one
 * period one behind the other, and what comes to nothing left out.
 */
export function addPieces(
  pieces: Piece[],
  goal: HeldGoal,
  facts: MerchantFacts,
  sessions: KnownSessions,
  went: Contribution | null,
  came: Contribution | null,
): void {
  const first = pieces.length;
  if (went) addOne(pieces, first, goal, facts, sessions, went, true);
  if (came) addOne(pieces, first, goal, facts, sessions, came, false);
  leaveNothingsOut(pieces, first);
}

function leaveNothingsOut(pieces: Piece[], first: number): void {
  let kept = first;
  for (let i = first; i < pieces.length; i++)
    if (pieces[i]!.amount !== 0) pieces[kept++] = pieces[i]!;
  if (kept < pieces.length) pieces.length = kept;
}

/** @param first the place of the goal's first piece */
function addOne(
  pieces: Piece[],
  first: number,
  goal: HeldGoal,
  facts: MerchantFacts,
  sessions: KnownSessions,
  contribution: Contribution,
  isGone: boolean,
): void {
  const { atMs, sessionId } = contribution;
  const counts = countedSpan(goal, facts, sessionId);
  if (contribution.untilMs !== undefined)
    addOnAir(pieces, first, goal, contribution, isGone, counts);
  else if (
    isIn(counts, atMs) &&
    comesFrom(goal, contribution) &&
    (!goal.countsOnAir || isOnAir(goal, sessions, contribution))
  ) {
    const period = periodAt(goal, contribution);
    const amount = isGone ? negative(contribution.amount) : contribution.amount;
    if (period)
      add(pieces, first, {
        goal,
        period,
        amount,
        day: null,
        isOpen: isOpen(goal.held.program, atMs),
        atMs: overSession(goal, atMs),
      });
  }
}

const WITHOUT_CHANNEL = null;

function comesFrom({ goal }: HeldGoal, { channel }: Contribution): boolean {
  const { channels } = goal;
  return (
    channel === WITHOUT_CHANNEL ||
    channels.length === CHANNELS.length ||
    channels.includes(channel)
  );
}

/** Where what a merchant does, in a session or not, counts for a goal: up to a flag, or not at all. */
function countedSpan(
  { held, counts }: HeldGoal,
  facts: MerchantFacts,
  sessionId: string | null,
): Span {
  if (facts.flaggedAtMs === null && facts.flaggedSessions.size === 0)
    return counts;
  const flaggedMs = Math.min(
    facts.flaggedAtMs ?? Infinity,
    (sessionId === null ? undefined : facts.flaggedSessions.get(sessionId)) ??
      Infinity,
  );
  if (flaggedMs === Infinity) return counts;
  return held.program.takeBack.flaggedFrom === 'start'
    ? NOWHERE
    : { ...counts, untilMs: Math.min(counts.untilMs, flaggedMs) };
}

const NOWHERE: Span = { fromMs: Infinity, untilMs: -Infinity };

/** Splits a stream at the boundaries of days, and of stages; each is rounded down to a full second, so that parts add up. */
function addOnAir(
  pieces: Piece[],
  first: number,
  goal: HeldGoal,
  contribution: Contribution,
  isGone: boolean,
  counts: Span,
): void {
  const { periods, program } = goal.held;
  const { sessionId } = contribution;
  const days = periods.calendar;
  const onAir = { fromMs: contribution.atMs, untilMs: contribution.untilMs! };
  const { fromMs, untilMs } = intersection(onAir, counts);
  const isByDay = DAY_METRICS.includes(goal.goal.metric);
  for (let startMs = fromMs; startMs < untilMs;) {
    const day = days.localDay(startMs);
    const stopMs = Math.min(
      untilMs,
      days.dayStartMs(day + 1),
      nextBoundaryMs(program.stages, startMs),
    );
    const period = periodAt(goal, { atMs: startMs, sessionId });
    const seconds = fullSecond(stopMs) - fullSecond(startMs);
    if (period && seconds > 0)
      add(pieces, first, {
        goal,
        period,
        amount: isGone ? -seconds : seconds,
        day: isByDay ? day : null,
        isOpen: isOpen(program, startMs),
        atMs: overSession(goal, contribution.atMs),
      });
    startMs = stopMs;
  }
}

function overSession({ goal }: HeldGoal, atMs: number): number | null {
  return goal.period === 'session' ? atMs : null;
}

/** When the next stage begins or ends after an instant; `Infinity` where none does. */
function nextBoundaryMs(stages: readonly Span[], atMs: number): number {
  let nextMs = Infinity;
  for (const { fromMs, untilMs } of stages) {
    if (fromMs > atMs && fromMs < nextMs) nextMs = fromMs;
    if (untilMs > atMs && untilMs < nextMs) nextMs = untilMs;
  }
  return nextMs;
}

function fullSecond(atMs: number): number {
  return Math.floor(atMs / 1_000);
}

/** @param first the place of the goal's first piece */
function add(pieces: Piece[], first: number, piece: Piece): void {
  let behind = pieces.length;
  for (let i = first; i < pieces.length; i++) {
    const other = pieces[i]!;
    if (other.period.key !== piece.period.key) continue;
    if (other.day === piece.day) {
      other.amount = sum(other.amount, piece.amount);
      other.isOpen ||= piece.isOpen;
      if (other.atMs !== null && piece.atMs !== null)
        other.atMs = Math.max(other.atMs, piece.atMs);
      return;
    }
    behind = i + 1;
  }
  if (behind === pieces.length) pieces.push(piece);
  else pieces.splice(behind, 0, piece);
}

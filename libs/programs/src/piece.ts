import type { Contribution } from './contribution.js';
import type { MerchantFacts } from './merchant-facts.js';
import { DAY_METRICS, type Span } from './program.js';
import { isIn, type Period } from './period.js';
import { intersection, periodAt, type HeldGoal } from './program-set.js';

/** Contributions before and after a change. */
export interface ContributionChange {
  went: readonly Contribution[];
  came: readonly Contribution[];
}

/** What a change comes to in one period of a goal. */
export interface Piece {
  period: Period;
  /** Of metrics made of days on air, seconds; never nothing. */
  amount: bigint;
  /** Of metrics made of days on air, the local day: days since 1970-01-01. */
  day: number | null;
  /** When: milliseconds since the epoch. */
  atMs: number;
}

/**
 * What a change comes to for a goal, of the contributions to one metric that went and of those that came: by period (and
 * day), what comes to nothing left out.
 */
export function piecesOf(
  goal: HeldGoal,
  facts: MerchantFacts,
  metric: Contribution['metric'],
  { went, came }: ContributionChange,
): Piece[] {
  const pieces: Piece[] = [];
  for (const one of went)
    if (one.metric === metric) addPieces(pieces, goal, facts, one, true);
  for (const one of came)
    if (one.metric === metric) addPieces(pieces, goal, facts, one, false);
  return pieces.length > 1 || pieces[0]?.amount === 0n
    ? pieces.filter(({ amount }) => amount !== 0n)
    : pieces;
}

function addPieces(
  pieces: Piece[],
  goal: HeldGoal,
  facts: MerchantFacts,
  contribution: Contribution,
  isGone: boolean,
): void {
  const { atMs, sessionId } = contribution;
  const counts = countedSpan(goal, facts, sessionId);
  if (contribution.untilMs !== undefined)
    addOnAir(pieces, goal, contribution, isGone, counts);
  else if (isIn(counts, atMs) && comesFrom(goal, contribution)) {
    const period = periodAt(goal, atMs, sessionId);
    const { amount } = contribution;
    if (period) add(pieces, period, isGone ? -amount : amount, null, atMs);
  }
}

const WITHOUT_CHANNEL = null;

function comesFrom({ goal }: HeldGoal, { channel }: Contribution): boolean {
  return channel === WITHOUT_CHANNEL || goal.channels.includes(channel);
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
  goal: HeldGoal,
  contribution: Contribution,
  isGone: boolean,
  counts: Span,
): void {
  const { periods, program } = goal.held;
  const days = periods.calendar;
  const onAir = { fromMs: contribution.atMs, untilMs: contribution.untilMs! };
  const { fromMs, untilMs } = intersection(onAir, counts);
  const isByDay = DAY_METRICS.includes(goal.goal.metric);
  for (let startMs = fromMs; startMs < untilMs;) {
    const day = days.localDay(startMs);
    const stopMs = Math.min(
      untilMs,
      days.dayStartMs(day + 1),
      ...boundariesAfter(program.stages, startMs),
    );
    const period = periodAt(goal, startMs, contribution.sessionId);
    const seconds = fullSecond(stopMs) - fullSecond(startMs);
    if (period && seconds > 0)
      add(
        pieces,
        period,
        BigInt(isGone ? -seconds : seconds),
        isByDay ? day : null,
        startMs,
      );
    startMs = stopMs;
  }
}

function boundariesAfter(stages: readonly Span[], atMs: number): number[] {
  return stages
    .flatMap(({ fromMs, untilMs }) => [fromMs, untilMs])
    .filter((boundaryMs) => boundaryMs > atMs);
}

function fullSecond(atMs: number): number {
  return Math.floor(atMs / 1_000);
}

function add(
  pieces: Piece[],
  period: Period,
  amount: bigint,
  day: number | null,
  atMs: number,
): void {
  const same = pieces.find(
    (piece) => piece.period.key === period.key && piece.day === day,
  );
  if (same) {
    same.amount += amount;
    same.atMs = Math.max(same.atMs, atMs);
  } else pieces.push({ period, amount, day, atMs });
}

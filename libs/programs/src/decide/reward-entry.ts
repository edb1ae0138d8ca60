import { CHANNELS, type Unit } from '@app/contracts';
import {
  isCash,
  jsonInteger,
  move,
  settleOwed,
  TIME_ZONE,
  type EntryDraft,
  type EventReference,
  type GoalCause,
  type NewLot,
} from '@app/ledger';
import type { FallReason } from '../count/contribution.js';
import type { DeservedReward, Reached } from './deserved.js';
import type { HeldGoal } from '../published/program-set.js';
import type { GrantLeft } from '../progress.js';
import { isoTime } from '../time/iso-time.js';
import { DAY_MS } from '../time/time-zone.js';

/** What a goal decides on for a merchant. */
export interface Decided {
  merchantId: string;
  goal: HeldGoal;
  /** The period's key. */
  period: string;
  /** The metric now. */
  value: bigint;
  /** When what decided it happened: milliseconds since the epoch. */
  atMs: number;
  /** Whether the clock decided it, and no event. */
  isSettlement: boolean;
  references: readonly EventReference[];
}

/** A reward that could not be paid at all: no entry can say so, since it would move nothing. */
export interface UnpaidReward {
  merchantId: string;
  program: string;
  goal: string;
  tier: string;
  period: string;
  unit: Unit;
  promised: bigint;
  /** What left nothing. */
  because: 'pool_dry' | 'capped';
}

/** What a grant comes to in the ledger. */
export interface RewardGrant {
  /** What is deserved and was not paid before. */
  promised: bigint;
  /** What was deserved and promised before, of which this is the difference; 0 where it is none. */
  promisedBefore: bigint;
  /** What a cap left of it; as much as was promised where there is none. */
  allowed: bigint;
  /** What the pool had for it, from 1 to `allowed`. */
  granted: bigint;
  /** What the merchant owes in the reward's unit: settled first. */
  owed: bigint;
  /** Of the entry, and of the lot that it makes. */
  entryId: string;
}

/**
 * The entry that grants a reward and says why, and the lot that it makes: none where the reward is cash, or where
 * all of it was kept back to settle what the merchant owed.
 */
export function grantEntry(
  decided: Decided,
  { tier, threshold }: Reached,
  { unit, expiry, draw, partsPerMillion, atMost }: DeservedReward,
  { promised, promisedBefore, allowed, granted, owed, entryId }: RewardGrant,
): { draft: EntryDraft; keptBack: bigint; lot: NewLot | null } {
  const { merchantId, goal, atMs } = decided;
  const { program, version } = goal.held.program;
  const { postings, keptBack, received } = settleOwed({
    unit,
    amount: granted,
    from: `pool:${program}`,
    lotId: entryId,
    owed,
  });
  const expiresAtMs =
    expiry &&
    (expiry.kind === 'at' ? expiry.atMs : atMs + expiry.days * DAY_MS);
  const cause: GoalCause = {
    type: 'goal_reached',
    program,
    version,
    goal: goal.goal.goal,
    tier,
    period: decided.period,
    metric: goal.goal.metric,
    value: jsonInteger(decided.value),
    threshold: jsonInteger(threshold),
    promised: jsonInteger(promised),
    poolRanDry: granted < allowed,
    events: [...decided.references],
  };
  sayUnusual(cause, goal);
  if (atMost !== undefined) cause.atMost = jsonInteger(atMost);
  if (promisedBefore > 0n) {
    cause.deserved = jsonInteger(promisedBefore + promised);
    cause.promisedBefore = jsonInteger(promisedBefore);
  }
  if (allowed < promised) cause.capped = true;
  if (draw)
    cause.draw = {
      from: jsonInteger(draw.from),
      to: jsonInteger(draw.to),
      seed: draw.seed,
    };
  if (partsPerMillion !== undefined)
    cause.partsPerMillion = jsonInteger(partsPerMillion);
  if (keptBack > 0n) cause.keptBack = jsonInteger(keptBack);
  if (expiresAtMs !== null) cause.expiresAt = isoTime(expiresAtMs);
  if (decided.isSettlement) cause.settledAt = isoTime(atMs);
  return {
    draft: { kind: 'grant', merchantId, occurredAtMs: atMs, postings, cause },
    keptBack,
    lot:
      expiresAtMs === null || received === 0n
        ? null
        : {
            lotId: entryId,
            merchantId,
            unit,
            granted: received,
            expiresAtMs,
            program,
          },
  };
}

/** What few goals and programs have is said of those alone: most entries stay small. */
function sayUnusual(cause: GoalCause, { goal, held }: HeldGoal): void {
  const { channels, secondsADay } = goal;
  const { timeZone } = held.program;
  if (channels.length < CHANNELS.length) cause.channels = channels;
  if (secondsADay !== null) cause.secondsADay = jsonInteger(secondsADay);
  if (timeZone !== TIME_ZONE) cause.timeZone = timeZone;
}

/** What to say of a reward for which nothing was left. */
export function unpaidReward(
  { merchantId, goal, period }: Decided,
  { tier }: Reached,
  unit: Unit,
  promised: bigint,
  because: UnpaidReward['because'],
): UnpaidReward {
  return {
    merchantId,
    program: goal.held.program.program,
    goal: goal.goal.goal,
    tier,
    period,
    unit,
    promised,
    because,
  };
}

/** What is taken back of a goal, in one unit. */
export interface TakenBack {
  rule: 'difference' | 'all';
  because: FallReason;
  unit: Unit;
  amount: bigint;
  /** Of which grants, the newest first. */
  grants: readonly GrantLeft[];
  /** What the merchant is still to be paid in cash. */
  payable: bigint;
}

/**
 * The entry that takes a reward back and says why. Cash moves with it: what was paid out already is owed. Of traffic it
 * names the lots, and moves nothing: it is taken where it is spent.
 */
export function clawbackEntry(
  { merchantId, goal, period, value, atMs, references }: Decided,
  { rule, because, unit, amount, grants, payable }: TakenBack,
): { draft: EntryDraft; fromPayable: bigint; owed: bigint } {
  const { program, version } = goal.held.program;
  const cash = isCash(unit) ? amount : 0n;
  const fromPayable = payable < cash ? payable : cash;
  const owed = cash - fromPayable;
  const into = `clawed_back:${program}` as const;
  return {
    draft: {
      kind: 'clawback',
      merchantId,
      occurredAtMs: atMs,
      postings: [
        ...(fromPayable > 0n ? move(unit, fromPayable, 'payable', into) : []),
        ...(owed > 0n ? move(unit, owed, 'owed', into) : []),
      ],
      cause: {
        type: 'reward_taken_back',
        program,
        version,
        goal: goal.goal.goal,
        period,
        metric: goal.goal.metric,
        value: jsonInteger(value),
        rule,
        because,
        unit,
        amount: jsonInteger(amount),
        lots: isCash(unit)
          ? []
          : grants.map(({ entryId: lotId, amount: ofLot }) => ({
              lotId,
              amount: jsonInteger(ofLot),
            })),
        ...(owed > 0n ? { owed: jsonInteger(owed) } : {}),
        events: [...references],
      },
    },
    fromPayable,
    owed,
  };
}

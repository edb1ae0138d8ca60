import type { Unit } from '@app/contracts';
import {
  jsonInteger,
  move,
  type EntryDraft,
  type EventReference,
} from '@app/ledger';
import type { Goal, Program, Reward, Tier } from './program.js';
import { DAY_MS } from './time-zone.js';

/** A tier that a merchant reached, and what decided it. */
export interface ReachedTier {
  merchantId: string;
  program: Program;
  goal: Goal;
  tier: Tier;
  /** See {@link periodKey}. */
  period: string;
  /** The metric after the event. */
  value: bigint;
  /** When the event happened: milliseconds since the epoch. */
  atMs: number;
  reference: EventReference;
}

export interface NewLot {
  lotId: string;
  merchantId: string;
  unit: Unit;
  granted: bigint;
  /** Milliseconds since the epoch; in the past already where a late event earned it. */
  expiresAtMs: number;
  program: string;
}

/** A reward that a dry pool could not pay at all: no entry can say so, since it would move nothing. */
export interface UnpaidReward {
  merchantId: string;
  program: string;
  goal: string;
  tier: string;
  period: string;
  unit: Unit;
  promised: bigint;
  reference: EventReference;
}

/**
 * The lot that a reward makes and the entry that says why.
 *
 * @param granted what the pool had for it, from 1 to the reward's amount
 * @param lotId the id of the entry
 */
export function grantReward(
  reached: ReachedTier,
  { unit, amount, expiresAfterDays }: Reward,
  granted: bigint,
  lotId: string,
): { lot: NewLot; draft: EntryDraft } {
  const { merchantId, program, goal, tier, atMs } = reached;
  const expiresAtMs = atMs + expiresAfterDays * DAY_MS;
  return {
    lot: {
      lotId,
      merchantId,
      unit,
      granted,
      expiresAtMs,
      program: program.program,
    },
    draft: {
      kind: 'grant',
      merchantId,
      occurredAtMs: atMs,
      postings: move(
        unit,
        granted,
        `pool:${program.program}`,
        'available',
        lotId,
      ),
      cause: {
        type: 'goal_reached',
        program: program.program,
        version: program.version,
        goal: goal.goal,
        tier: tier.tier,
        period: reached.period,
        metric: goal.metric,
        value: jsonInteger(reached.value),
        threshold: jsonInteger(tier.at),
        promised: jsonInteger(amount),
        poolRanDry: granted < amount,
        expiresAt: new Date(expiresAtMs).toISOString(),
        events: [reached.reference],
      },
    },
  };
}

/** What to say of a reward for which the pool had nothing. */
export function unpaidReward(
  reached: ReachedTier,
  { unit, amount }: Reward,
): UnpaidReward {
  return {
    merchantId: reached.merchantId,
    program: reached.program.program,
    goal: reached.goal.goal,
    tier: reached.tier.tier,
    period: reached.period,
    unit,
    promised: amount,
    reference: reached.reference,
  };
}

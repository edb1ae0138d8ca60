import type { Unit } from '@app/contracts';
import {
  jsonInteger,
  settleOwed,
  type EntryDraft,
  type EventReference,
  type NewLot,
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

/** What a grant comes to in the ledger. */
export interface RewardGrant {
  /** What the pool had for it, from 1 to the reward's amount. */
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
export function grantReward(
  reached: ReachedTier,
  { unit, amount, expiresAfterDays }: Reward,
  { granted, owed, entryId }: RewardGrant,
): { draft: EntryDraft; keptBack: bigint; lot: NewLot | null } {
  const { merchantId, goal, tier, atMs } = reached;
  const { program, version } = reached.program;
  const { postings, keptBack, received } = settleOwed({
    unit,
    amount: granted,
    from: `pool:${program}`,
    lotId: entryId,
    owed,
  });
  const expiresAtMs =
    expiresAfterDays === null ? null : atMs + expiresAfterDays * DAY_MS;
  return {
    draft: {
      kind: 'grant',
      merchantId,
      occurredAtMs: atMs,
      postings,
      cause: {
        type: 'goal_reached',
        program,
        version,
        goal: goal.goal,
        tier: tier.tier,
        period: reached.period,
        metric: goal.metric,
        value: jsonInteger(reached.value),
        threshold: jsonInteger(tier.at),
        promised: jsonInteger(amount),
        poolRanDry: granted < amount,
        ...(keptBack > 0n ? { keptBack: jsonInteger(keptBack) } : {}),
        ...(expiresAtMs === null
          ? {}
          : { expiresAt: new Date(expiresAtMs).toISOString() }),
        events: [reached.reference],
      },
    },
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

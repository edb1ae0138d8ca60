import type { Unit } from '@app/contracts';
import {
  jsonInteger,
  type AdjustmentCause,
  type Agreement,
  type PayoutCause,
} from './cause.js';
import {
  MAX_AMOUNT,
  move,
  type EntryDraft,
  type Journal,
  type Posting,
} from './entry.js';
import {
  leftToTakeBack,
  takeBackFrom,
  type LotStanding,
} from './lot-standing.js';
import type { NewLot } from './lot.js';
import { isCash, settleOwed } from './settle-owed.js';

/** A correction by finance: one balanced entry. Amounts are in minor units, more than nothing but for a budget's. */
export type Adjustment =
  /** Traffic out of a pool, as a new lot. */
  | {
      type: 'give';
      merchantId: string;
      program: string;
      unit: Unit;
      amount: bigint;
      /** Milliseconds since the epoch. */
      expiresAtMs: number;
    }
  /** Traffic back from a lot: what is not available any more is owed. */
  | { type: 'take_back'; merchantId: string; lotId: string; amount: bigint }
  /** Budget out of `issuance` into a pool, or back where the amount is less than nothing. */
  | { type: 'budget'; program: string; unit: Unit; amount: bigint }
  /** Cash out of a pool, to be paid out. */
  | { type: 'cash'; merchantId: string; program: string; amount: bigint }
  /** Cash that was paid out. */
  | { type: 'payout'; merchantId: string; amount: bigint };

/** An adjustment that somebody proposed for one shard, and that is to be approved by somebody else. */
export interface AdjustmentProposal {
  shard: number;
  proposalId: string;
  adjustment: Adjustment;
  reason: string;
  proposedBy: string;
  /** Milliseconds since the epoch. */
  proposedAtMs: number;
}

export interface AdjustmentApproval {
  approvedBy: string;
  /** Milliseconds since the epoch. */
  approvedAtMs: number;
}

/** What deciding on an adjustment needs to know; each kind of adjustment needs some of it. */
export interface AdjustmentState {
  /** Left in the shard's slice of the pool that the adjustment names, in its unit. */
  pool: bigint;
  /** What the merchant owes in its unit, from zero on. */
  owed: bigint;
  /** What the merchant is still to be paid. */
  payable: bigint;
  /** The grant that the adjustment names; null where there is none. */
  lot: KnownLot | null;
}

export interface KnownLot extends LotStanding {
  /** Whether the journal of promotions knows the lot already. */
  isFollowed: boolean;
}

export interface AdjustmentDecision {
  /** Null where there is nothing to move: the pool that is to be cut is empty. */
  draft: EntryDraft | null;
  lot: NewLot | null;
}

/** An adjustment that cannot be made, and why: a sentence for whoever wants it. */
export class AdjustmentRefused extends Error {
  override readonly name = 'AdjustmentRefused';
}

/** The journal that owns what an adjustment moves: lots are spent in `promotions`, all else is granted. */
export function journalOf({ type }: Adjustment): Journal {
  return type === 'take_back' ? 'promotions' : 'grants';
}

/** Whose accounts an adjustment moves; null for the platform's own. */
export function merchantOfAdjustment(adjustment: Adjustment): string | null {
  return 'merchantId' in adjustment ? adjustment.merchantId : null;
}

/**
 * The entry that a proposal becomes when it is approved. Pure.
 *
 * @param entryId of the entry, and of the lot where it makes one
 * @throws AdjustmentRefused where the two are one identity, or the ledger has not got what is to be moved
 */
export function decideAdjustment(
  proposal: AdjustmentProposal,
  approval: AdjustmentApproval,
  state: AdjustmentState,
  entryId: string,
): AdjustmentDecision {
  assertTwoIdentities(proposal, approval);
  const plan = planAdjustment(
    proposal.adjustment,
    state,
    entryId,
    approval.approvedAtMs,
  );
  if (plan.postings.length === 0) return { draft: null, lot: null };
  return {
    draft: {
      kind: proposal.adjustment.type === 'payout' ? 'payout' : 'adjustment',
      merchantId: merchantOfAdjustment(proposal.adjustment),
      occurredAtMs: approval.approvedAtMs,
      postings: plan.postings,
      cause: { ...plan.told, ...agreementOf(proposal, approval) },
    },
    lot: plan.lot ?? null,
  };
}

export interface AdjustmentPlan {
  postings: Posting[];
  /** What the cause says besides who agreed. */
  told:
    Omit<AdjustmentCause, keyof Agreement> | Omit<PayoutCause, keyof Agreement>;
  lot?: NewLot;
}

/**
 * What an adjustment would post, whoever approves it.
 *
 * @param atMs when: milliseconds since the epoch
 * @throws AdjustmentRefused where the ledger has not got what is to be moved
 */
export function planAdjustment(
  adjustment: Adjustment,
  state: AdjustmentState,
  entryId: string,
  atMs: number,
): AdjustmentPlan {
  assertAmount(adjustment);
  switch (adjustment.type) {
    case 'give':
      return give(adjustment, state, entryId, atMs);
    case 'take_back':
      return takeBack(adjustment, state.lot);
    case 'budget':
      return setBudget(adjustment, state.pool);
    case 'cash':
      return giveCash(adjustment, state, entryId);
    case 'payout':
      return payOut(adjustment, state.payable);
  }
}

/** @throws AdjustmentRefused where nobody else has looked at it */
export function assertTwoIdentities(
  { proposedBy }: Pick<AdjustmentProposal, 'proposedBy'>,
  { approvedBy }: Pick<AdjustmentApproval, 'approvedBy'>,
): void {
  if (proposedBy === approvedBy)
    throw new AdjustmentRefused(
      `${approvedBy} cannot approve what ${proposedBy} proposed: it takes another identity`,
    );
}

function assertAmount({ type, amount }: Adjustment): void {
  const size = type === 'budget' && amount < 0n ? -amount : amount;
  if (size <= 0n || size > MAX_AMOUNT)
    throw new AdjustmentRefused(
      `${amount} cannot be moved: expected an amount from 1 to ${MAX_AMOUNT}`,
    );
}

type Kind<Type extends Adjustment['type']> = Extract<
  Adjustment,
  { type: Type }
>;

function give(
  { merchantId, program, unit, amount, expiresAtMs }: Kind<'give'>,
  { pool, owed }: AdjustmentState,
  lotId: string,
  atMs: number,
): AdjustmentPlan {
  if (isCash(unit))
    throw new AdjustmentRefused(`${unit} is cash: it makes no lot`);
  if (expiresAtMs <= atMs)
    throw new AdjustmentRefused(
      `the lot would have expired at ${new Date(expiresAtMs).toISOString()} already`,
    );
  assertLeft(`pool:${program}`, unit, pool, amount);
  const { postings, keptBack, received } = settleOwed({
    unit,
    amount,
    from: `pool:${program}`,
    lotId,
    owed,
  });
  return {
    postings,
    told: {
      ...asTold('give', program, amount),
      expiresAt: new Date(expiresAtMs).toISOString(),
      ...positive('keptBack', keptBack),
    },
    ...(received > 0n
      ? {
          lot: {
            lotId,
            merchantId,
            unit,
            granted: received,
            expiresAtMs,
            program,
          },
        }
      : {}),
  };
}

function takeBack(
  { merchantId, lotId, amount }: Kind<'take_back'>,
  lot: KnownLot | null,
): AdjustmentPlan {
  if (lot?.merchantId !== merchantId)
    throw new AdjustmentRefused(`${merchantId} has no lot ${lotId}`);
  const { unit, program } = lot;
  if (!lot.isFollowed)
    throw new AdjustmentRefused(
      `the promoter has not taken lot ${lotId} yet: try again when it has`,
    );
  const most = leftToTakeBack(lot);
  if (amount > most)
    throw new AdjustmentRefused(
      `${amount} ${unit} cannot be taken back from lot ${lotId}: of ${lot.granted + lot.keptBack} granted, ` +
        `${lot.expired} expired, ${lot.clawedBack + lot.owed} were taken back already, and ${most} are left to take`,
    );
  const { postings, owed } = takeBackFrom(lot, amount);
  return {
    postings,
    told: {
      ...asTold('take_back', program, amount),
      lotId,
      ...positive('owed', owed),
    },
  };
}

function setBudget(
  { program, unit, amount }: Kind<'budget'>,
  pool: bigint,
): AdjustmentPlan {
  const to = `pool:${program}` as const;
  const told = asTold('budget', program, amount);
  if (amount > 0n)
    return { postings: move(unit, amount, 'issuance', to), told };
  // What merchants have been granted meanwhile stays theirs.
  const cut = -amount < pool ? -amount : pool;
  return {
    postings: cut > 0n ? move(unit, cut, to, 'issuance') : [],
    told,
  };
}

function giveCash(
  { program, amount }: Kind<'cash'>,
  { pool, owed }: AdjustmentState,
  entryId: string,
): AdjustmentPlan {
  assertLeft(`pool:${program}`, 'CNY', pool, amount);
  const { postings, keptBack } = settleOwed({
    unit: 'CNY',
    amount,
    from: `pool:${program}`,
    lotId: entryId,
    owed,
  });
  return {
    postings,
    told: {
      ...asTold('cash', program, amount),
      ...positive('keptBack', keptBack),
    },
  };
}

function payOut(
  { merchantId, amount }: Kind<'payout'>,
  payable: bigint,
): AdjustmentPlan {
  assertLeft(`merchant:${merchantId}:payable`, 'CNY', payable, amount);
  return {
    postings: move('CNY', amount, 'payable', 'paid_out'),
    told: {
      type: 'adjusted',
      adjustment: 'payout',
      asked: jsonInteger(amount),
    },
  };
}

function assertLeft(
  account: string,
  unit: Unit,
  left: bigint,
  amount: bigint,
): void {
  if (amount > left)
    throw new AdjustmentRefused(
      `${account} has ${left} ${unit}, less than ${amount}`,
    );
}

function asTold(
  adjustment: AdjustmentCause['adjustment'],
  program: string,
  amount: bigint,
) {
  const asked = jsonInteger(amount);
  return { type: 'adjusted' as const, adjustment, program, asked };
}

function positive<Name extends 'keptBack' | 'owed'>(
  name: Name,
  amount: bigint,
) {
  return (amount > 0n ? { [name]: jsonInteger(amount) } : {}) as Partial<
    Pick<AdjustmentCause, Name>
  >;
}

function agreementOf(
  proposal: AdjustmentProposal,
  { approvedBy, approvedAtMs }: AdjustmentApproval,
): Agreement {
  const { reason, proposalId, proposedBy, proposedAtMs } = proposal;
  return {
    reason,
    proposalId,
    proposedBy,
    proposedAt: new Date(proposedAtMs).toISOString(),
    approvedBy,
    approvedAt: new Date(approvedAtMs).toISOString(),
  };
}

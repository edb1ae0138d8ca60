import type { Unit } from '@app/contracts';
import type { AccountClass } from './account.js';
import { move, type Posting } from './entry.js';

/** What is to come to a merchant. */
export interface Credit {
  unit: Unit;
  /** In minor units, more than nothing. */
  amount: bigint;
  /** Where it comes from. */
  from: AccountClass;
  /** The lot that the rest becomes; cash becomes none. */
  lotId: string;
  /** What the merchant owes in this unit, from zero on. */
  owed: bigint;
}

export interface SettledCredit {
  postings: Posting[];
  /** What went to settle what was owed. */
  keptBack: bigint;
  /** The rest: the new lot's amount, or what became payable. */
  received: bigint;
}

/**
 * Credits a merchant: what is owed is settled first, and what is left of the credit becomes a lot, or payable
 * where it is cash. The postings balance, and `owed` rises to zero at most.
 *
 * @throws RangeError where the amount is not positive, or the debt is less than nothing
 */
export function settleOwed({
  unit,
  amount,
  from,
  lotId,
  owed,
}: Credit): SettledCredit {
  if (amount <= 0n) throw new RangeError(`cannot credit ${amount} ${unit}`);
  if (owed < 0n) throw new RangeError(`cannot owe ${owed} ${unit}`);
  const keptBack = amount < owed ? amount : owed;
  const received = amount - keptBack;
  return {
    postings: [
      ...(keptBack > 0n ? move(unit, keptBack, from, 'owed') : []),
      ...(received > 0n ? receive(unit, received, from, lotId) : []),
    ],
    keptBack,
    received,
  };
}

function receive(
  unit: Unit,
  amount: bigint,
  from: AccountClass,
  lotId: string,
): Posting[] {
  return isCash(unit)
    ? move(unit, amount, from, 'payable')
    : move(unit, amount, from, 'available', lotId);
}

/** Whether a unit is paid out, and not spent on promotion. */
export function isCash(unit: Unit): boolean {
  return unit === 'CNY';
}

import type { Unit } from '@app/contracts';
import type { AccountClass } from './account.js';
import { move, type EntryDraft, type Posting } from './entry.js';

/** A grant, and what has become of it: what taking it back needs to know. Amounts are in minor units, from zero on. */
export interface LotStanding {
  /** The id of the entry that granted it, whether or not a lot came of it. */
  lotId: string;
  merchantId: string;
  program: string;
  unit: Unit;
  /** In the lot when it was made; nothing where all was kept back. */
  granted: bigint;
  /** What of the grant settled what the merchant owed, and so is in no lot. */
  keptBack: bigint;
  available: bigint;
  expired: bigint;
  /** Taken back while it was available. */
  clawedBack: bigint;
  /** Taken back when it was not available: what the grant has made the merchant owe. */
  owed: bigint;
}

export interface TakenBack {
  postings: Posting[];
  /** What of it was not available, and is owed. */
  owed: bigint;
}

/**
 * The most that can be taken back of a grant. What has expired was of no use to the merchant, and nothing is taken
 * back twice; what settled a debt was of use.
 */
export function leftToTakeBack({
  granted,
  keptBack,
  expired,
  clawedBack,
  owed,
}: LotStanding): bigint {
  const left = granted + keptBack - expired - clawedBack - owed;
  return left > 0n ? left : 0n;
}

/**
 * Takes a grant back as far as something is left to take: what is available from the lot, the rest as a debt. An
 * order that something is reserved for goes on.
 *
 * @param amount asked for, from zero on
 */
export function takeBackFrom(lot: LotStanding, amount: bigint): TakenBack {
  const { lotId, unit, program, available } = lot;
  const taken = least(amount, leftToTakeBack(lot));
  const atHand = least(taken, available);
  const owed = taken - atHand;
  const to = `clawed_back:${program}` as const;
  return {
    postings: [
      ...(atHand > 0n ? move(unit, atHand, 'available', to, lotId) : []),
      ...(owed > 0n ? owe(unit, owed, to, lotId) : []),
    ],
    owed,
  };
}

/** A grant after an entry of the promotions journal. */
export function standingAfter(
  lot: LotStanding,
  { postings }: Pick<EntryDraft, 'postings'>,
): LotStanding {
  const sum = (matches: (account: string) => boolean) =>
    postings
      .filter(({ lotId, account }) => lotId === lot.lotId && matches(account))
      .reduce((total, { amount }) => total + amount, 0n);
  return {
    ...lot,
    available: lot.available + sum((account) => account === 'available'),
    expired: lot.expired + sum((account) => account.startsWith('expired:')),
    clawedBack:
      lot.clawedBack + sum((account) => account.startsWith('clawed_back:')),
    owed: lot.owed - sum((account) => account === 'owed'),
  };
}

/** The debt is part of the lot's life; what is clawed back for it is not out of the lot, of which it was used before. */
function owe(
  unit: Unit,
  amount: bigint,
  to: AccountClass,
  lotId: string,
): Posting[] {
  const [debt, clawedBack] = move(unit, amount, 'owed', to, lotId);
  return [debt, { ...clawedBack, lotId: null }];
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

import { UNITS, type Unit } from '@app/contracts';
import type { AccountClass } from '@app/ledger';
import type { Lot } from '../read-model/lot.entity.js';

/** What a merchant was granted and what became of it. Amounts are in minor units. */
export interface Wallet {
  merchantId: string;
  /** Everything that was committed by then is counted. */
  asOf: Date;
  balances: WalletBalance[];
  lots: WalletLot[];
}

/**
 * One unit's sums; all that was granted is `available + reserved + spent + expired + clawedBack + payable + paidOut -
 * owed`. What was granted to settle what was owed counts as granted.
 */
export interface WalletBalance {
  unit: Unit;
  available: bigint;
  reserved: bigint;
  spent: bigint;
  expired: bigint;
  clawedBack: bigint;
  /** What is to be settled out of later grants. */
  owed: bigint;
  /** Cash that is still to be paid out, and that was. */
  payable: bigint;
  paidOut: bigint;
}

export interface WalletLot {
  lotId: string;
  unit: Unit;
  granted: bigint;
  /** What is available or reserved. */
  remaining: bigint;
  expiresAt: Date;
  program: string;
  /** The entry that granted it. */
  entryId: string;
}

interface Balance {
  account: AccountClass;
  unit: Unit;
  amount: bigint;
}

/** Sums balances by unit: every unit is there, in the same order, whatever the merchant has. */
export function sumBalances(balances: readonly Balance[]): WalletBalance[] {
  return UNITS.map((unit) => {
    const sum = (matches: (account: string) => boolean) =>
      balances
        .filter((balance) => balance.unit === unit && matches(balance.account))
        .reduce((total, { amount }) => total + amount, 0n);
    return {
      unit,
      available: sum((account) => account === 'available'),
      reserved: sum((account) => account === 'reserved'),
      spent: sum((account) => account.startsWith('spent:')),
      expired: sum((account) => account.startsWith('expired:')),
      clawedBack: sum((account) => account.startsWith('clawed_back:')),
      // A debt is less than nothing in the books.
      owed: -sum((account) => account === 'owed'),
      payable: sum((account) => account === 'payable'),
      paidOut: sum((account) => account === 'paid_out'),
    };
  });
}

/** What is available or reserved of a lot. */
export function remainingOf({ granted, use }: Lot): bigint {
  return use ? granted - use.spent - use.expired - use.clawedBack : granted;
}

/** The first to expire is used first. */
export function inOrderOfUse(a: Lot, b: Lot): number {
  const apartMs = a.expiresAt.getTime() - b.expiresAt.getTime();
  if (apartMs !== 0) return apartMs;
  return a.lotId < b.lotId ? -1 : 1;
}

export function toWalletLot(lot: Lot): WalletLot {
  const { lotId, unit, granted, expiresAt, program } = lot;
  return {
    lotId,
    unit,
    granted,
    remaining: remainingOf(lot),
    expiresAt,
    program,
    entryId: lotId,
  };
}

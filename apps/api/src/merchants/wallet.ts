import { z } from 'zod';
import { UNITS, type Unit } from '@app/contracts';
import type { AccountClass } from '@app/ledger';
import { entityTag } from '../http/entity-tag.js';
import { amount, instant, merchantId, unit } from '../openapi/fields.js';

/**
 * One unit's sums; all that was granted is `available + reserved + spent + expired + clawedBack + payable + paidOut -
 * owed`. What was granted to settle what was owed counts as granted.
 */
const walletBalance = z
  .strictObject({
    unit,
    available: amount,
    reserved: amount,
    spent: amount,
    expired: amount,
    clawedBack: amount,
    /** What is to be settled out of later grants. */
    owed: amount,
    /** Cash that is still to be paid out, and that was. */
    payable: amount,
    paidOut: amount,
  })
  .meta({ id: 'WalletBalance' });
export type WalletBalance = z.output<typeof walletBalance>;

const walletLot = z
  .strictObject({
    lotId: z.string(),
    unit,
    granted: amount,
    /** What is available or reserved. */
    remaining: amount,
    expiresAt: instant,
    program: z.string(),
    /** The entry that granted it. */
    entryId: z.string(),
  })
  .meta({ id: 'WalletLot' });
export type WalletLot = z.output<typeof walletLot>;

/** What a merchant was granted and what became of it. Amounts are in minor units. */
export const wallet = z
  .strictObject({
    merchantId,
    /** Everything that was committed by then is counted. */
    asOf: instant,
    balances: z.array(walletBalance),
    lots: z.array(walletLot),
  })
  .meta({ id: 'Wallet' });
export type Wallet = z.output<typeof wallet>;

export interface Balance {
  account: AccountClass;
  unit: Unit;
  amount: bigint;
}

/** A grant, and what has become of it: null where nothing has. */
export interface UsedLot {
  lotId: string;
  unit: Unit;
  granted: bigint;
  expiresAt: Date;
  program: string;
  use: { spent: bigint; expired: bigint; clawedBack: bigint } | null;
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
export function remainingOf({ granted, use }: UsedLot): bigint {
  return use ? granted - use.spent - use.expired - use.clawedBack : granted;
}

/** The first to expire is used first. */
export function inOrderOfUse(a: UsedLot, b: UsedLot): number {
  const apartMs = a.expiresAt.getTime() - b.expiresAt.getTime();
  if (apartMs !== 0) return apartMs;
  return a.lotId < b.lotId ? -1 : 1;
}

export function lastToExpireFirst(a: UsedLot, b: UsedLot): number {
  const apartMs = b.expiresAt.getTime() - a.expiresAt.getTime();
  return apartMs !== 0 ? apartMs : inOrderOfUse(a, b);
}

export function toWalletLot(lot: UsedLot): WalletLot {
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

/** A weak one: as of a later moment, the same is still the same. */
export function walletTag(content: Wallet): string {
  return `W/${entityTag({ ...content, asOf: undefined })}`;
}

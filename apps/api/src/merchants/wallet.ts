import { z } from 'zod';
import { UNITS, type Unit } from '@app/contracts';
import type { AccountClass } from '@app/ledger';
import { toExactJson } from '../exact-json.js';
import { entityTag, TaggedAnswer } from '../http/entity-tag.js';
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
  const sums = UNITS.map((unit) => ({
    unit,
    available: 0n,
    reserved: 0n,
    spent: 0n,
    expired: 0n,
    clawedBack: 0n,
    owed: 0n,
    payable: 0n,
    paidOut: 0n,
  }));
  for (const { account, unit, amount } of balances) {
    const field = FIELD_OF_CLASS[account.split(':', 1)[0]!];
    if (!field) continue;
    // A debt is less than nothing in the books.
    sums[UNITS.indexOf(unit)]![field] += field === 'owed' ? -amount : amount;
  }
  return sums;
}

/** Where a class of account counts; without what it is of, e.g. `spent` of `spent:live`. */
const FIELD_OF_CLASS: Record<
  string,
  Exclude<keyof WalletBalance, 'unit'> | undefined
> = {
  available: 'available',
  reserved: 'reserved',
  spent: 'spent',
  expired: 'expired',
  clawed_back: 'clawedBack',
  owed: 'owed',
  payable: 'payable',
  paid_out: 'paidOut',
};

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

/** With a weak tag: as of a later moment, the same is still the same. */
export function toTaggedWallet({ asOf, ...content }: Wallet): TaggedAnswer {
  const json = toExactJson(content)!;
  return new TaggedAnswer(
    `{"asOf":${toExactJson(asOf)!},${json.slice(1)}`,
    `W/${entityTag(json)}`,
  );
}

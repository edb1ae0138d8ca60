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

/** One unit's sums; all that was granted is `available + reserved + spent + expired + clawedBack`. */
export interface WalletBalance {
  unit: Unit;
  available: bigint;
  reserved: bigint;
  spent: bigint;
  expired: bigint;
  clawedBack: bigint;
  owed: bigint;
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
      owed: sum((account) => account === 'owed'),
    };
  });
}

export function toWalletLot(lot: Lot): WalletLot {
  const { lotId, unit, granted, use, expiresAt, program } = lot;
  const used = use ? use.spent + use.expired + use.clawedBack : 0n;
  return {
    lotId,
    unit,
    granted,
    remaining: granted - used,
    expiresAt,
    program,
    entryId: lotId,
  };
}

import type { Unit } from '@app/contracts';
import type { MerchantAccountClass } from '../account.js';

/** A merchant, and the shard that its entries are in. */
export interface MerchantPlace {
  shard: number;
  merchantId: string;
}

/** What an account of a merchant has in one unit, over both journals; minor units. */
export interface AccountBalance {
  account: MerchantAccountClass;
  unit: Unit;
  amount: bigint;
}

/** What all accounts of a class have in one unit: one line of the trial balance. */
export interface ClassBalance {
  account: string;
  unit: Unit;
  amount: bigint;
}

/** By unit, what the lines of a trial balance sum to: zero, where the ledger is whole. */
export function sumByUnit(
  lines: readonly Pick<ClassBalance, 'unit' | 'amount'>[],
): Map<Unit, bigint> {
  const sums = new Map<Unit, bigint>();
  for (const { unit, amount } of lines)
    sums.set(unit, (sums.get(unit) ?? 0n) + amount);
  return sums;
}

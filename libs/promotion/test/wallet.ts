import type { Unit } from '@app/contracts';
import type { EntryDraft } from '@app/ledger';
import type { MerchantPromotion } from '../src/index.js';

/** What the entries of one merchant add up to, by unit, as an auditor adds them up. */
export class Wallet {
  readonly #sums = new Map<string, bigint>();
  readonly units = new Set<Unit>();

  add({ postings }: EntryDraft): void {
    for (const { account, unit, amount } of postings) {
      this.units.add(unit);
      const key = `${classOf(account)} ${unit}`;
      this.#sums.set(key, (this.#sums.get(key) ?? 0n) + amount);
    }
  }

  /** @param account a class without its detail: `spent` for `spent:live` */
  sum(account: string, unit: Unit): bigint {
    return this.#sums.get(`${account} ${unit}`) ?? 0n;
  }
}

/** What a merchant's lots hold of a unit. */
export function held(
  { lots }: MerchantPromotion,
  unit: Unit,
): { available: bigint; reserved: bigint } {
  const own = lots.filter((lot) => lot.unit === unit);
  return {
    available: own.reduce((sum, lot) => sum + lot.available, 0n),
    reserved: own.reduce((sum, lot) => sum + lot.reserved, 0n),
  };
}

function classOf(account: string): string {
  return account.split(':')[0]!;
}

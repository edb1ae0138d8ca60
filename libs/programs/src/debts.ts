import type { Unit } from '@app/contracts';

/** Names what a merchant owes in one unit; no identifier holds a line break. */
export function debtKey(merchantId: string, unit: Unit): string {
  return `${merchantId}\n${unit}`;
}

/** What merchants still owe while a batch is decided: grants settle it in their order. */
export class Debts {
  readonly #owed: Map<string, bigint>;

  /** @param owed by {@link debtKey}, more than nothing; it is copied. Whoever is not there owes nothing. */
  constructor(owed: ReadonlyMap<string, bigint>) {
    this.#owed = new Map(owed);
  }

  of(merchantId: string, unit: Unit): bigint {
    return this.#owed.get(debtKey(merchantId, unit)) ?? 0n;
  }

  settle(merchantId: string, unit: Unit, amount: bigint): void {
    this.#owed.set(
      debtKey(merchantId, unit),
      this.of(merchantId, unit) - amount,
    );
  }
}

import type { Unit } from '@app/contracts';
import { Changes } from '../changes.js';

/** Names what a merchant has in one unit; no identifier holds a line break. */
export function purseKey(merchantId: string, unit: Unit): string {
  return `${merchantId}\n${unit}`;
}

/** Amounts of merchants, by unit, as they are while a batch is decided: what they owe, or are to be paid. */
export class Purses {
  readonly #purses: Changes<bigint>;

  /** @param known by {@link purseKey}, as they were before; whoever is not there has nothing */
  constructor(private readonly known: ReadonlyMap<string, bigint>) {
    this.#purses = new Changes(known);
  }

  /** By {@link purseKey}: those that have changed. */
  get changed(): ReadonlyMap<string, bigint> {
    return this.#purses.made;
  }

  of(merchantId: string, unit: Unit): bigint {
    if (this.known.size === 0 && this.changed.size === 0) return 0n;
    return this.#purses.get(purseKey(merchantId, unit)) ?? 0n;
  }

  add(merchantId: string, unit: Unit, amount: bigint): void {
    if (amount === 0n) return;
    this.#purses.set(
      purseKey(merchantId, unit),
      this.of(merchantId, unit) + amount,
    );
  }
}

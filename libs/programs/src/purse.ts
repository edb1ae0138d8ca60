import type { Unit } from '@app/contracts';

/** Names what a merchant has in one unit; no identifier holds a line break. */
export function purseKey(merchantId: string, unit: Unit): string {
  return `${merchantId}\n${unit}`;
}

/** Amounts of merchants, by unit, as they are while a batch is decided: what they owe, or are to be paid. */
export class Purses {
  readonly #changed = new Map<string, bigint>();

  /** @param known by {@link purseKey}, as they were before; whoever is not there has nothing */
  constructor(private readonly known: ReadonlyMap<string, bigint>) {}

  of(merchantId: string, unit: Unit): bigint {
    if (this.known.size === 0 && this.#changed.size === 0) return 0n;
    const key = purseKey(merchantId, unit);
    return this.#changed.get(key) ?? this.known.get(key) ?? 0n;
  }

  add(merchantId: string, unit: Unit, amount: bigint): void {
    this.#changed.set(
      purseKey(merchantId, unit),
      this.of(merchantId, unit) + amount,
    );
  }
}

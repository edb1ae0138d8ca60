import type { Unit } from '@app/contracts';

/** Names a program's pool in one unit. */
export function poolKey(program: string, unit: Unit): string {
  return `${program}\n${unit}`;
}

/** A shard's slice of a pool: slices are even, and the remainder goes one by one to the first shards. */
export function poolSlice(
  total: bigint,
  shard: number,
  shardCount: number,
): bigint {
  const count = BigInt(shardCount);
  return total / count + (BigInt(shard) < total % count ? 1n : 0n);
}

/** What is left in a shard's slices while a batch is decided. */
export class PoolSlices {
  readonly #left: Map<string, bigint>;

  /** @param left by {@link poolKey}; it is copied. A pool that is not there is empty. */
  constructor(left: ReadonlyMap<string, bigint>) {
    this.#left = new Map(left);
  }

  /** Takes what was promised, or what is left where that is less: never overdrawn. */
  take(program: string, unit: Unit, promised: bigint): bigint {
    const key = poolKey(program, unit);
    const left = this.#left.get(key) ?? 0n;
    const taken = promised < left ? promised : left;
    this.#left.set(key, left - taken);
    return taken;
  }
}

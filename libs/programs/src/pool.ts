import type { Unit } from '@app/contracts';

/** Names a program's pool in one unit. */
export function poolKey(program: string, unit: Unit): string {
  return `${program}\n${unit}`;
}

/** The pool of a {@link poolKey}. */
export function poolOf(key: string): { program: string; unit: Unit } {
  const [program, unit] = key.split('\n') as [string, Unit];
  return { program, unit };
}

/** What is left in a shard's slices while a batch is decided. */
export class PoolSlices {
  /** By {@link poolKey}: what was asked for and was not there, in all. */
  readonly short = new Map<string, bigint>();
  readonly #left: Map<string, bigint>;

  /** @param left by {@link poolKey}; it is copied. A pool that is not there is empty. */
  constructor(left: ReadonlyMap<string, bigint>) {
    this.#left = new Map(left);
  }

  /** Takes what was asked for, or what is left where that is less: never overdrawn. */
  take(program: string, unit: Unit, asked: bigint): bigint {
    const key = poolKey(program, unit);
    const left = this.#left.get(key) ?? 0n;
    const taken = asked < left ? asked : left;
    this.#left.set(key, left - taken);
    if (taken < asked)
      this.short.set(key, (this.short.get(key) ?? 0n) + asked - taken);
    return taken;
  }
}

import type { Unit } from '@app/contracts';
import { Changes } from '../changes.js';

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
  readonly #left: Changes<bigint>;

  /** @param left by {@link poolKey}. A pool that is not there is empty. */
  constructor(left: ReadonlyMap<string, bigint>) {
    this.#left = new Changes(left);
  }

  /** By {@link poolKey}: what is left of those that were asked. */
  get changed(): ReadonlyMap<string, bigint> {
    return this.#left.made;
  }

  /**
   * Takes what was asked for, or what is left where that is less: never overdrawn.
   *
   * @param key see {@link poolKey}
   */
  take(key: string, asked: bigint): bigint {
    const left = this.#left.get(key) ?? 0n;
    const taken = asked < left ? asked : left;
    this.#left.set(key, left - taken);
    if (taken < asked)
      this.short.set(key, (this.short.get(key) ?? 0n) + asked - taken);
    return taken;
  }
}

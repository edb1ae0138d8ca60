import { hash } from 'node:crypto';
import {
  encodeNamedEntry,
  entryId,
  type Journal,
  type StoredEntry,
} from '@app/ledger';
import { MAX_ENTRY_BYTES } from '@app/transparency';
import type { ChainPoint } from './order.js';
import { SealError } from './seal-error.js';

/**
 * Makes the leaves of entries, one behind the other in a journal of a shard, and makes sure of each that it is what
 * was hashed when it was written.
 */
export class EntryLeaves {
  #sequence: bigint;
  #hash: Buffer;

  /** @param behind the entry ahead of the first */
  constructor(
    private readonly journal: Journal,
    private readonly shard: number,
    behind: ChainPoint,
  ) {
    this.#sequence = behind.sequence;
    this.#hash = behind.hash;
  }

  /** The last entry that a leaf was made of. */
  get last(): ChainPoint {
    return { sequence: this.#sequence, hash: this.#hash };
  }

  /**
   * The leaf of the next entry: its canonical bytes, as `encodeEntry` makes them.
   *
   * @throws SealError naming the entry that is missing, or was changed
   */
  next(entry: StoredEntry): Buffer {
    const expected = this.#sequence + 1n;
    if (entry.sequence !== expected)
      throw new SealError(`${this.#name(expected)} is missing`);
    const bytes = encodeNamedEntry(entry, this.#hash.length);
    bytes.set(this.#hash);
    const made = hash('sha256', bytes, 'buffer');
    if (!made.equals(entry.hash))
      throw new SealError(
        `${this.#name(expected)} was changed: what is stored does not make its hash`,
      );
    if (bytes.length - this.#hash.length > MAX_ENTRY_BYTES)
      throw new SealError(
        `${this.#name(expected)} is too long for the log, which takes ${MAX_ENTRY_BYTES} bytes`,
      );
    const leaf = bytes.subarray(this.#hash.length);
    this.#sequence = expected;
    this.#hash = made;
    return leaf;
  }

  /** @throws SealError where the last entry is not this one */
  assertAt(point: ChainPoint): void {
    if (this.#sequence !== point.sequence)
      throw new SealError(`${this.#name(this.#sequence + 1n)} is missing`);
    if (!this.#hash.equals(point.hash))
      throw new SealError(
        `${this.#name(point.sequence)} was changed: it has another hash than its journal's head`,
      );
  }

  #name(sequence: bigint): string {
    return entryId(this.journal, this.shard, sequence);
  }
}

import { entryId, type EntryAtHand, type Journal } from '@app/ledger';
import { MAX_ENTRY_BYTES } from '@app/transparency';
import type { ChainPoint } from './order.js';
import { SealError } from './seal-error.js';

/** An entry as it is stored, which can say its canonical bytes. */
export interface LeafSource extends Pick<
  EntryAtHand,
  'sequence' | 'hash' | 'hashBehind'
> {
  /** Its canonical bytes, as `encodeEntry` makes them: others when the next entry is taken. */
  encoded: () => Buffer;
}

/**
 * Makes the leaves of entries, one behind the other in a journal of a shard, and makes sure of each that it is what
 * was hashed when it was written.
 */
export class EntryLeaves {
  #sequence: bigint;
  /** Its bytes as latin1. */
  #hash: string;

  /** @param behind the entry ahead of the first */
  constructor(
    private readonly journal: Journal,
    private readonly shard: number,
    behind: ChainPoint,
  ) {
    this.#sequence = behind.sequence;
    this.#hash = behind.hash.toString('latin1');
  }

  /** The last entry that a leaf was made of. */
  get last(): ChainPoint {
    return {
      sequence: this.#sequence,
      hash: Buffer.from(this.#hash, 'latin1'),
    };
  }

  /**
   * The leaf of the next entry: its canonical bytes, as `encodeEntry` makes them.
   *
   * @throws SealError naming the entry that is missing, or was changed
   */
  next(entry: LeafSource): Buffer {
    const expected = this.#sequence + 1n;
    if (entry.sequence !== expected)
      throw new SealError(`${this.#name(expected)} is missing`);
    const made = entry.hashBehind(this.#hash);
    if (made !== entry.hash)
      throw new SealError(
        `${this.#name(expected)} was changed: what is stored does not make its hash`,
      );
    const leaf = Buffer.from(entry.encoded());
    if (leaf.length > MAX_ENTRY_BYTES)
      throw new SealError(
        `${this.#name(expected)} is too long for the log, which takes ${MAX_ENTRY_BYTES} bytes`,
      );
    this.#sequence = expected;
    this.#hash = made;
    return leaf;
  }

  /** @throws SealError where the last entry is not this one */
  assertAt(point: ChainPoint): void {
    if (this.#sequence !== point.sequence)
      throw new SealError(`${this.#name(this.#sequence + 1n)} is missing`);
    if (this.#hash !== point.hash.toString('latin1'))
      throw new SealError(
        `${this.#name(point.sequence)} was changed: it has another hash than its journal's head`,
      );
  }

  #name(sequence: bigint): string {
    return entryId(this.journal, this.shard, sequence);
  }
}

import { hash as digest } from 'node:crypto';
import { EMPTY_CHAIN, type ChainTip } from './chain.js';
import { encodeNamedEntry } from './encoding.js';
import { entryId, type Journal, type StoredEntry } from './entry.js';

/** Something that is stored and is not what the entries say, or an entry that was changed. */
export interface Finding {
  /** Null where it is of no shard. */
  shard: number | null;
  /** The first entry that is wrong; null where no entry can be named. */
  entryId: string | null;
  /** What is wrong, in a sentence that names the place. */
  problem: string;
}

const CHAIN_BYTES = EMPTY_CHAIN.hash.length;

/** An entry by its place in its journal, and its canonical bytes as `encodeEntry` makes them. */
export interface EncodedEntry {
  sequence: bigint;
  bytes: Buffer;
}

/**
 * Goes along a journal of a shard, from its first entry to its head, and finds what is missing, not balanced, or not
 * what was hashed. Keeps nothing but its place, so that a journal may be of any length.
 */
export class ChainVerifier {
  #last: Omit<ChainTip, 'hash'> & { hash: Buffer | null } = EMPTY_CHAIN;

  constructor(
    private readonly journal: Journal,
    private readonly shard: number,
    private readonly head: Pick<ChainTip, 'sequence' | 'hash'>,
  ) {}

  /**
   * @param entries the next ones, by rising sequence
   * @param onEncoded gets each as it is stored, right or wrong
   */
  *check(
    entries: Iterable<StoredEntry>,
    onEncoded: (entry: EncodedEntry) => void = () => undefined,
  ): Generator<Finding> {
    for (const entry of entries) {
      const ahead = this.#last;
      const { sequence, hash, recordedAtMs } = entry;
      const isBehindGap = sequence !== ahead.sequence + 1n;
      if (isBehindGap) yield this.#missing(ahead.sequence + 1n, sequence - 1n);
      // What was ahead of the entry and is missing cannot be hashed: the entry is compared from the next one on.
      const encoded = encodeNamedEntry(entry, CHAIN_BYTES);
      const wrong = wrongIn(entry, isBehindGap ? null : ahead.hash, encoded);
      onEncoded({ sequence, bytes: encoded.subarray(CHAIN_BYTES) });
      if (wrong) yield this.#finding(sequence, wrong);
      else if (recordedAtMs < ahead.recordedAtMs)
        yield this.#finding(sequence, 'was recorded before the entry ahead');
      // A time that was changed says nothing about the next one.
      this.#last = { sequence, hash, recordedAtMs: wrong ? 0 : recordedAtMs };
      if (sequence > this.head.sequence && ahead.sequence <= this.head.sequence)
        yield this.#finding(
          sequence,
          `stands beyond the head, which is at ${this.head.sequence}`,
        );
    }
  }

  /** After the last entry. */
  *end(): Generator<Finding> {
    const { sequence, hash } = this.#last;
    if (sequence < this.head.sequence)
      yield this.#missing(sequence + 1n, this.head.sequence);
    else if (sequence === this.head.sequence && !hash?.equals(this.head.hash))
      yield this.#finding(
        sequence,
        `has the hash ${short(hash)}, but the head says ${short(this.head.hash)}`,
      );
  }

  #missing(first: bigint, last: bigint): Finding {
    return this.#finding(
      first,
      first === last
        ? 'is missing'
        : `and all up to ${entryId(this.journal, this.shard, last)} are missing`,
    );
  }

  #finding(sequence: bigint, problem: string): Finding {
    const id = entryId(this.journal, this.shard, sequence);
    return { shard: this.shard, entryId: id, problem: `${id} ${problem}` };
  }
}

/**
 * What is wrong with an entry, as the end of a sentence; the hash is left out where the one ahead is not known.
 *
 * @param encoded the entry's bytes behind room for the hash ahead
 */
function wrongIn(
  entry: StoredEntry,
  previous: Buffer | null,
  encoded: Buffer,
): string | null {
  const { merchantId, postings, hash } = entry;
  const misplaced = postings.findIndex(({ line }, i) => line !== i);
  if (misplaced >= 0)
    return `has no line ${misplaced} among its postings, but a line ${postings[misplaced]!.line}`;
  // They would hash like an absent merchant or lot.
  if (merchantId === '' || postings.some(({ lotId }) => lotId === ''))
    return 'has an empty name where there is none';
  const off = firstUnbalanced(postings);
  if (off) return `is off by ${off.sum} ${off.unit}`;
  if (!previous) return null;
  encoded.set(previous);
  const made = digest('sha256', encoded, 'buffer');
  return made.equals(hash)
    ? null
    : `was changed: it has the hash ${short(hash)}, but what is stored makes ${short(made)}`;
}

function firstUnbalanced(
  postings: StoredEntry['postings'],
): { unit: string; sum: bigint } | null {
  for (const { unit } of postings) {
    let sum = 0n;
    for (const posting of postings)
      if (posting.unit === unit) sum += posting.amount;
    if (sum !== 0n) return { unit, sum };
  }
  return null;
}

function short(hash: Buffer | null): string {
  return `${hash?.toString('hex', 0, 6)}…`;
}

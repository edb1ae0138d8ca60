import { EMPTY_CHAIN, type ChainTip } from './chain.js';
import { entryId, type Journal } from './entry.js';

/** Something that is stored and is not what the entries say, or an entry that was changed. */
export interface Finding {
  /** Null where it is of no shard. */
  shard: number | null;
  /** The first entry that is wrong; null where no entry can be named. */
  entryId: string | null;
  /** What is wrong, in a sentence that names the place. */
  problem: string;
}

/** Entries by their place in their journal, and a hash of the canonical bytes of each, as `encodeEntry` makes them. */
export interface HashedEntries {
  sequences: BigInt64Array;
  /** One behind the other, {@link ENTRY_HASH_BYTES} each. */
  hashes: Uint8Array;
}

export const ENTRY_HASH_BYTES = 32;

/** An entry as it is stored, for as long as its reader stands at it. Hashes are strings of their bytes, as latin1. */
export interface EntryAtHand {
  readonly sequence: bigint;
  /** Milliseconds since the epoch. */
  readonly recordedAtMs: number;
  /** As it is stored. */
  readonly hash: string;
  /** What is wrong with it whatever is ahead, as the end of a sentence. */
  wrong: () => string | null;
  /** What is to be its hash behind another one. */
  hashBehind: (previous: string) => string;
}

type Place = Pick<EntryAtHand, 'sequence' | 'hash'>;

/**
 * Goes along a journal of a shard, from its first entry to its head, and finds what is missing, not balanced, or not
 * what was hashed. Keeps nothing but its place, so that a journal may be of any length.
 */
export class ChainVerifier {
  #last: Place & { recordedAtMs: number } = {
    ...EMPTY_CHAIN,
    hash: latin1(EMPTY_CHAIN.hash),
  };
  readonly #head: Place;

  constructor(
    private readonly journal: Journal,
    private readonly shard: number,
    { sequence, hash }: Pick<ChainTip, 'sequence' | 'hash'>,
    private readonly onFinding: (finding: Finding) => void,
  ) {
    this.#head = { sequence, hash: latin1(hash) };
  }

  /** @param entry the next one, by rising sequence */
  check(entry: EntryAtHand): void {
    const ahead = this.#last;
    const { sequence, recordedAtMs, hash } = entry;
    const isBehindGap = sequence !== ahead.sequence + 1n;
    if (isBehindGap) this.#missing(ahead.sequence + 1n, sequence - 1n);
    // What was ahead of the entry and is missing cannot be hashed: the entry is compared from the next one on.
    const wrong =
      entry.wrong() ??
      (isBehindGap ? null : changed(hash, entry.hashBehind(ahead.hash)));
    if (wrong) this.#found(sequence, wrong);
    else if (recordedAtMs < ahead.recordedAtMs)
      this.#found(sequence, 'was recorded before the entry ahead');
    // A time that was changed says nothing about the next one.
    this.#last = { sequence, hash, recordedAtMs: wrong ? 0 : recordedAtMs };
    const end = this.#head.sequence;
    if (sequence > end && ahead.sequence <= end)
      this.#found(sequence, `stands beyond the head, which is at ${end}`);
  }

  /** After the last entry. */
  end(): void {
    const { sequence, hash } = this.#last;
    const head = this.#head;
    if (sequence < head.sequence) this.#missing(sequence + 1n, head.sequence);
    else if (sequence === head.sequence && hash !== head.hash)
      this.#found(
        sequence,
        `has the hash ${short(hash)}, but the head says ${short(head.hash)}`,
      );
  }

  #missing(first: bigint, last: bigint): void {
    this.#found(
      first,
      first === last
        ? 'is missing'
        : `and all up to ${entryId(this.journal, this.shard, last)} are missing`,
    );
  }

  #found(sequence: bigint, problem: string): void {
    const id = entryId(this.journal, this.shard, sequence);
    const { shard } = this;
    this.onFinding({ shard, entryId: id, problem: `${id} ${problem}` });
  }
}

function changed(stored: string, made: string): string | null {
  return made === stored
    ? null
    : `was changed: it has the hash ${short(stored)}, but what is stored makes ${short(made)}`;
}

function latin1(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function short(hash: string): string {
  return `${Buffer.from(hash, 'latin1').toString('hex', 0, 6)}…`;
}

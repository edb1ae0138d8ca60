import { hash } from 'node:crypto';
import {
  encodeNamedEntry,
  withAccountNames,
  type NamedEntry,
} from './encoding.js';
import {
  assertBalanced,
  type Entry,
  type EntryDraft,
  type Journal,
} from './entry.js';

/** The last entry of a journal, by its place and hash. */
export interface ChainTip {
  sequence: bigint;
  hash: Buffer;
}

/** The tip of a journal without entries. */
export const EMPTY_CHAIN: ChainTip = { sequence: 0n, hash: Buffer.alloc(32) };

/** SHA-256 over the hash of the entry ahead and the entry's canonical bytes. */
export function chainHash(
  previous: Buffer,
  entry: Omit<Entry, 'hash'>,
): Buffer {
  return chainHashOfNamed(previous, withAccountNames(entry));
}

/** {@link chainHash} of an entry whose accounts stand with their full names. */
export function chainHashOfNamed(previous: Buffer, entry: NamedEntry): Buffer {
  const bytes = encodeNamedEntry(entry, previous.length);
  bytes.set(previous);
  return hash('sha256', bytes, 'buffer');
}

/**
 * Gives drafts their places behind `tip`, each hashed over the one ahead of it.
 *
 * @throws Error where a draft is not balanced
 */
export function appendToChain(
  journal: Journal,
  shard: number,
  tip: ChainTip,
  drafts: readonly EntryDraft[],
  recordedAtMs: number,
): { entries: Entry[]; tip: ChainTip } {
  let { sequence, hash: last } = tip;
  const entries = drafts.map((draft) => {
    assertBalanced(draft);
    sequence += 1n;
    const unhashed = { ...draft, shard, journal, sequence, recordedAtMs };
    last = chainHash(last, unhashed);
    return { ...unhashed, hash: last };
  });
  return { entries, tip: { sequence, hash: last } };
}

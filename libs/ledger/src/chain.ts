import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import {
  encodeNamedEntry,
  withAccountNames,
  type NamedEntry,
  type UnhashedEntry,
} from './encoding.js';
import {
  assertBalanced,
  type Entry,
  type EntryDraft,
  type Journal,
} from './entry.js';

/** The last entry of a journal, by its place and hash, and when the journal was last written. */
export interface ChainTip {
  sequence: bigint;
  hash: Buffer;
  /** Milliseconds since the epoch. */
  recordedAtMs: number;
}

/** The tip of a journal without entries. */
export const EMPTY_CHAIN: ChainTip = {
  sequence: 0n,
  hash: Buffer.alloc(32),
  recordedAtMs: 0,
};

/** SHA-256 over the hash of the entry ahead and the entry's canonical bytes. */
export function chainHash(previous: Buffer, entry: UnhashedEntry): Buffer {
  return chainHashOfNamed(previous, withAccountNames(entry));
}

/** {@link chainHash} of an entry whose accounts stand with their full names. */
export function chainHashOfNamed(previous: Buffer, entry: NamedEntry): Buffer {
  const bytes = encodeNamedEntry(entry, previous.length);
  bytes.set(previous);
  // By way of a string, since a buffer of its own for each hash costs more.
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
}

/**
 * Gives drafts their places behind `tip`, each hashed over the one ahead of it. The time of recording never goes
 * back along a journal, whatever the clocks of its writers say: so an instant cuts it in two.
 *
 * @throws Error where a draft is not balanced
 */
export function appendToChain(
  journal: Journal,
  shard: number,
  tip: ChainTip,
  drafts: readonly EntryDraft[],
  nowMs: number,
): { entries: Entry[]; tip: ChainTip } {
  const recordedAtMs = Math.max(nowMs, tip.recordedAtMs);
  let { sequence, hash: last } = tip;
  const entries = drafts.map((draft) => {
    assertBalanced(draft);
    sequence += 1n;
    const causeText = canonicalJson(draft.cause);
    const { kind, merchantId, occurredAtMs, postings, cause } = draft;
    const entry: Entry = {
      shard,
      journal,
      sequence,
      kind,
      merchantId,
      occurredAtMs,
      recordedAtMs,
      postings,
      cause,
      causeText,
      hash: last,
    };
    last = chainHashOfNamed(last, withAccountNames(entry, causeText));
    entry.hash = last;
    return entry;
  });
  return { entries, tip: { sequence, hash: last, recordedAtMs } };
}

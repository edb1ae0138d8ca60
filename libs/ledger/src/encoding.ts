import { accountName } from './account.js';
import { canonicalJson } from './canonical-json.js';
import type { Entry, StoredEntry, StoredPosting } from './entry.js';

/** Leads the bytes, so that another layout can never be mistaken for this one. */
const LAYOUT = 'traffic-reward-ledger/entry/v1';

/**
 * The canonical bytes of an entry: every field but the hash, in a fixed order, each led by its length in
 * bytes (4 bytes, big-endian). Integers are decimal, times milliseconds since the epoch, the cause is
 * canonical JSON (RFC 8785), an absent merchant or lot is the empty string.
 */
export function encodeEntry(entry: UnhashedEntry): Buffer {
  return encodeNamedEntry(withAccountNames(entry));
}

/** An entry whose accounts stand with their full names. */
export interface NamedEntry extends Omit<StoredEntry, 'hash' | 'postings'> {
  /** In the order of their lines. */
  postings: readonly Omit<StoredPosting, 'line' | 'balance'>[];
}

/** An entry in its place, before it is hashed. */
export type UnhashedEntry = Omit<Entry, 'hash' | 'causeText'>;

/** @param causeText the cause as canonical JSON, where the caller has it already */
export function withAccountNames(
  entry: UnhashedEntry,
  causeText = canonicalJson(entry.cause),
): NamedEntry {
  return {
    ...entry,
    causeText,
    postings: entry.postings.map((posting) => ({
      ...posting,
      account: accountName(posting.account, entry.merchantId),
    })),
  };
}

/**
 * The canonical bytes of an entry, as {@link encodeEntry} makes them.
 *
 * @param headroom bytes to leave free ahead of them: for what is hashed along, without a copy
 */
export function encodeNamedEntry(entry: NamedEntry, headroom = 0): Buffer {
  const fields = [
    LAYOUT,
    entry.journal,
    String(entry.shard),
    String(entry.sequence),
    entry.kind,
    entry.merchantId ?? '',
    String(entry.occurredAtMs),
    String(entry.recordedAtMs),
    entry.causeText,
    String(entry.postings.length),
  ];
  for (const { account, unit, amount, lotId } of entry.postings)
    fields.push(account, unit, String(amount), lotId ?? '');
  return lengthPrefixed(fields, headroom);
}

const NO_LENGTH = '\0\0\0\0';

/**
 * Fields one behind the other, each led by its length in bytes (4 bytes, big-endian), in UTF-8: what everything
 * that is hashed is made of.
 *
 * @param headroom bytes to leave free ahead of them
 */
export function lengthPrefixed(
  fields: readonly string[],
  headroom = 0,
): Buffer {
  const text = NO_LENGTH + fields.join(NO_LENGTH);
  const size = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(headroom + size);
  bytes.write(text, headroom);
  // Nearly always all of it is ASCII, and no length has to be counted.
  const isAscii = size === text.length;
  let at = headroom;
  for (const field of fields) {
    const length = isAscii ? field.length : Buffer.byteLength(field);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return bytes;
}

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
export function encodeEntry(entry: Omit<Entry, 'hash'>): Buffer {
  return encodeNamedEntry({
    ...entry,
    postings: entry.postings.map((posting) => ({
      ...posting,
      account: accountName(posting.account, entry.merchantId),
    })),
  });
}

/** An entry whose accounts stand with their full names. */
export interface NamedEntry extends Omit<StoredEntry, 'hash' | 'postings'> {
  /** In the order of their lines. */
  postings: readonly Omit<StoredPosting, 'line'>[];
}

/** The canonical bytes of an entry, as {@link encodeEntry} makes them. */
export function encodeNamedEntry(entry: NamedEntry): Buffer {
  const fields = [
    LAYOUT,
    entry.journal,
    String(entry.shard),
    String(entry.sequence),
    entry.kind,
    entry.merchantId ?? '',
    String(entry.occurredAtMs),
    String(entry.recordedAtMs),
    canonicalJson(entry.cause),
    String(entry.postings.length),
  ];
  for (const { account, unit, amount, lotId } of entry.postings)
    fields.push(account, unit, String(amount), lotId ?? '');
  return lengthPrefixed(fields);
}

const NO_LENGTH = '\0\0\0\0';

function lengthPrefixed(fields: readonly string[]): Buffer {
  const text = NO_LENGTH + fields.join(NO_LENGTH);
  const bytes = Buffer.from(text);
  // Nearly always all of it is ASCII, a byte to a character. Then only the lengths are to be filled in: three
  // times as fast as writing field by field.
  if (bytes.length !== text.length) return writeFields(fields);
  let at = 0;
  for (const { length } of fields) {
    if (length < 0x100) bytes[at + 3] = length;
    else bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return bytes;
}

function writeFields(fields: readonly string[]): Buffer {
  const lengths = fields.map((field) => Buffer.byteLength(field));
  const total = lengths.reduce((sum, length) => sum + 4 + length, 0);
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  fields.forEach((field, i) => {
    at = bytes.writeUInt32BE(lengths[i]!, at);
    at += bytes.write(field, at);
  });
  return bytes;
}

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

function lengthPrefixed(fields: readonly string[]): Buffer {
  let total = 0;
  let characters = 0;
  for (const field of fields) {
    total += 4 + Buffer.byteLength(field);
    characters += 4 + field.length;
  }
  // Nearly always all of it is ASCII. Written in one go, that is three times as fast as field by field.
  return total === characters
    ? asciiWithLengths(fields)
    : withLengths(fields, total);
}

function asciiWithLengths(fields: readonly string[]): Buffer {
  let text = '';
  for (const field of fields) text += lengthAsLatin1(field.length) + field;
  return Buffer.from(text, 'latin1');
}

/** The four bytes of a length as the characters that Latin-1 writes as them. */
function lengthAsLatin1(length: number): string {
  return String.fromCharCode(
    length >>> 24,
    (length >>> 16) & 0xff,
    (length >>> 8) & 0xff,
    length & 0xff,
  );
}

function withLengths(fields: readonly string[], total: number): Buffer {
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  for (const field of fields) {
    const end = at + 4 + bytes.write(field, at + 4);
    bytes.writeUInt32BE(end - at - 4, at);
    at = end;
  }
  return bytes;
}

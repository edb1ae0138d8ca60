import canonicalize from 'canonicalize';
import { accountName } from './account.js';
import type { Entry } from './entry.js';

/** Leads the bytes, so that another layout can never be mistaken for this one. */
const LAYOUT = 'traffic-reward-ledger/entry/v1';

/**
 * The canonical bytes of an entry: every field but the hash, in a fixed order, each led by its length in
 * bytes (4 bytes, big-endian). Integers are decimal, times milliseconds since the epoch, the cause is
 * canonical JSON (RFC 8785), an absent merchant or lot is the empty string.
 */
export function encodeEntry(entry: Omit<Entry, 'hash'>): Buffer {
  const fields = [
    LAYOUT,
    entry.journal,
    String(entry.shard),
    String(entry.sequence),
    entry.kind,
    entry.merchantId ?? '',
    String(entry.occurredAtMs),
    String(entry.recordedAtMs),
    canonicalize(entry.cause)!,
    String(entry.postings.length),
  ];
  for (const { account, unit, amount, lotId } of entry.postings) {
    fields.push(
      accountName(account, entry.merchantId),
      unit,
      String(amount),
      lotId ?? '',
    );
  }
  return lengthPrefixed(fields);
}

function lengthPrefixed(fields: readonly string[]): Buffer {
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

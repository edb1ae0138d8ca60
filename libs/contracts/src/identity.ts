import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

const DIGEST_BYTES = 16;

/**
 * The identity of an event: the first 16 bytes of SHA-256 over its source and id, each led by its length
 * in bytes (4 bytes, big-endian), so that no two pairs meet by where the one ends and the other begins.
 */
export function eventKey(source: string, id: string): Buffer {
  const hash = createHash('sha256');
  for (const part of [source, id]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    hash.update(length).update(part);
  }
  return hash.digest().subarray(0, DIGEST_BYTES);
}

/**
 * The content of an event: the first 16 bytes of SHA-256 over the canonical JSON (RFC 8785) of what it
 * says. The same fact in structured and in binary mode, or with its time in another offset, is the same.
 */
export function contentHash(content: {
  type: string;
  merchantId: string;
  occurredAtMs: number;
  data: unknown;
}): Buffer {
  const { type, merchantId, occurredAtMs, data } = content;
  return createHash('sha256')
    .update(canonicalize({ type, merchantId, occurredAtMs, data })!)
    .digest()
    .subarray(0, DIGEST_BYTES);
}

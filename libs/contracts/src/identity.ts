import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

const DIGEST_BYTES = 16;
const LENGTH_BYTES = 4;

/**
 * The identity of an event: the first 16 bytes of SHA-256 over its source and id, each led by its length
 * in bytes (4 bytes, big-endian), so that no two pairs meet by where the one ends and the other begins.
 */
export function eventKey(source: string, id: string): Buffer {
  const sourceBytes = Buffer.byteLength(source);
  const idBytes = Buffer.byteLength(id);
  const bytes = Buffer.allocUnsafe(2 * LENGTH_BYTES + sourceBytes + idBytes);
  let at = bytes.writeUInt32BE(sourceBytes);
  at += bytes.write(source, at);
  at = bytes.writeUInt32BE(idBytes, at);
  bytes.write(id, at);
  return digest(bytes);
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
  return digest(canonicalize({ type, merchantId, occurredAtMs, data })!);
}

function digest(content: Buffer | string): Buffer {
  // By way of a string, since a buffer of its own for each hash costs more.
  const digits = hash('sha256', content, 'binary');
  return Buffer.from(digits.slice(0, DIGEST_BYTES), 'latin1');
}

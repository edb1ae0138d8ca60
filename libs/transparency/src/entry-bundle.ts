/** The longest entry that a bundle can hold: its length is a uint16 (https://c2sp.org/tlog-tiles). */
export const MAX_ENTRY_BYTES = 0xffff;

/**
 * An entry as it is in a bundle: led by its length in two bytes, big-endian. A bundle is nothing but
 * such entries, one behind the other.
 *
 * @throws RangeError where the entry is too long for that
 */
export function encodeBundled(entry: Uint8Array): Buffer {
  if (entry.length > MAX_ENTRY_BYTES)
    throw new RangeError(
      `an entry of ${entry.length} bytes: a log takes up to ${MAX_ENTRY_BYTES}`,
    );
  const bytes = Buffer.allocUnsafe(2 + entry.length);
  bytes.writeUInt16BE(entry.length);
  bytes.set(entry, 2);
  return bytes;
}

/**
 * The entries in a bundle.
 *
 * @throws Error where the bundle ends within an entry
 */
export function decodeBundle(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  let at = 0;
  while (at < bundle.length) {
    const start = at + 2;
    const end =
      start <= bundle.length ? start + bundle.readUInt16BE(at) : Infinity;
    if (end > bundle.length)
      throw new Error(`the bundle is cut off in its entry ${entries.length}`);
    entries.push(bundle.subarray(start, end));
    at = end;
  }
  return entries;
}

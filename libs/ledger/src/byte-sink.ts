import { copyBytes, viewOf } from './byte-strings.js';
import { lengthPrefixed, type FieldSink } from './encoding.js';
import type { Journal } from './entry.js';

const FIRST_BYTES = 1 << 14;
const LENGTH_BYTES = 4;
/** Ahead of an entry's bytes: room for the hash of the entry ahead. */
const HASH_BYTES = 32;
const MOST_DIGITS = 24;
const NINE_DIGITS = 1e9;
const ZERO = '0'.charCodeAt(0);

/**
 * Puts the fields of one entry after the other into the same bytes. Texts are copied from where they stand already,
 * each behind its length (4 bytes, big-endian; negative where it is absent): they are never decoded.
 */
export class ByteSink implements FieldSink<number> {
  /** What the places of texts are in. */
  source = viewOf(Buffer.alloc(0));
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #at = HASH_BYTES;
  #headEnd = HASH_BYTES;
  #headOf: unknown[] = [];

  /** Begins an entry. */
  head(layout: string, journal: Journal, shard: number): void {
    const of = this.#headOf;
    if (of[0] !== layout || of[1] !== journal || of[2] !== shard) {
      const head = lengthPrefixed([layout, journal, String(shard)]);
      this.#bytes.set(head, HASH_BYTES);
      this.#headEnd = HASH_BYTES + head.length;
      this.#headOf = [layout, journal, shard];
    }
    this.#at = this.#headEnd;
  }

  text(value: number | null): void {
    const { source } = this;
    const length = value === null ? 0 : Math.max(source.getInt32(value), 0);
    this.#reserve(LENGTH_BYTES + length);
    const view = this.#view;
    const to = this.#at + LENGTH_BYTES;
    view.setInt32(this.#at, length);
    this.#at = to + length;
    const from = (value ?? 0) + LENGTH_BYTES;
    copyBytes(source, from, from + length, view, to);
  }

  number(value: number | bigint): void {
    this.#reserve(LENGTH_BYTES + MOST_DIGITS);
    const lengthAt = this.#at;
    this.#at += LENGTH_BYTES;
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.#integer(number);
    else this.#at += this.#bytes.write(String(value), this.#at, 'latin1');
    this.#view.setInt32(lengthAt, this.#at - lengthAt - LENGTH_BYTES);
  }

  /** The bytes of the entry behind a hash, until the next entry is put here. @param hash its bytes as latin1 */
  behind(hash: string): Buffer {
    this.#bytes.write(hash, 0, HASH_BYTES, 'latin1');
    return this.#bytes.subarray(0, this.#at);
  }

  /** The bytes of the entry, until the next one is put here. */
  bytes(): Buffer {
    return this.#bytes.subarray(HASH_BYTES, this.#at);
  }

  #integer(value: number): void {
    let rest = value;
    if (rest < 0) {
      this.#view.setUint8(this.#at, '-'.charCodeAt(0));
      this.#at += 1;
      rest = -rest;
    }
    if (rest < NINE_DIGITS) return this.#digits(rest, digitsIn(rest));
    const upper = Math.floor(rest / NINE_DIGITS);
    this.#digits(upper, digitsIn(upper));
    this.#digits(rest - upper * NINE_DIGITS, 9);
  }

  /** @param value below 10^9 */
  #digits(value: number, count: number): void {
    let rest = value | 0;
    for (let at = this.#at + count - 1; at >= this.#at; at -= 1) {
      const upper = (rest / 10) | 0;
      this.#view.setUint8(at, ZERO + rest - upper * 10);
      rest = upper;
    }
    this.#at += count;
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(2 * this.#bytes.length + length);
    bytes.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function digitsIn(value: number): number {
  let count = 1;
  for (let least = 10; value >= least; least *= 10) count += 1;
  return count;
}

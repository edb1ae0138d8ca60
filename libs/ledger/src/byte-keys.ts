import { randomInt } from 'node:crypto';

const FIRST_SLOTS = 1 << 10;
const FIRST_BYTES = 1 << 16;
/** Between calls and processes another, so that nobody can choose names that all fall into one slot. */
const SEED = randomInt(2 ** 32);

/**
 * Numbers strings of bytes in the order in which they are first seen: 0, 1, 2, … They are held one behind the other,
 * so that hundreds of thousands take no object each, and none has to be decoded to be found.
 */
export class ByteKeys {
  #size = 0;
  /** A key's number plus one, where its hash points to or behind; 0 where there is none. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** Where each key ends in the bytes, from the second number on; it begins where the one ahead ends. */
  #ends = new Int32Array(FIRST_SLOTS / 2 + 1);
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = viewOf(this.#bytes);

  get size(): number {
    return this.#size;
  }

  /** @returns the number of the key, or -1 where it was not seen */
  find(source: DataView, start: number, end: number): number {
    return this.#slots[this.#slotOf(source, start, end)]! - 1;
  }

  /** @returns the number of the key: the size so far where it is a new one */
  add(source: DataView, start: number, end: number): number {
    const slot = this.#slotOf(source, start, end);
    const found = this.#slots[slot]!;
    if (found > 0) return found - 1;
    const number = this.#size;
    this.#slots[slot] = number + 1;
    this.#append(source, start, end);
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    return number;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#size = 0;
  }

  /** The slot of the key, or the free one where it would be. */
  #slotOf(source: DataView, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(source, start, end) & mask;
    for (let found = slots[slot]!; found > 0; found = slots[slot]!) {
      if (this.#isKey(found - 1, source, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isKey(number: number, source: DataView, from: number, end: number): boolean {
    let at = this.#ends[number]!;
    if (this.#ends[number + 1]! - at !== end - from) return false;
    const view = this.#view;
    let start = from;
    for (; start + 4 <= end; start += 4, at += 4)
      if (view.getInt32(at) !== source.getInt32(start)) return false;
    for (; start < end; start += 1, at += 1)
      if (view.getUint8(at) !== source.getUint8(start)) return false;
    return true;
  }

  #append(source: DataView, start: number, end: number): void {
    let at = this.#ends[this.#size]!;
    if (at + end - start > this.#bytes.length) this.#growBytes(end - start);
    for (let from = start; from < end; from += 1, at += 1)
      this.#view.setUint8(at, source.getUint8(from));
    this.#size += 1;
    this.#ends[this.#size] = at;
  }

  #growBytes(least: number): void {
    const bytes = Buffer.allocUnsafe(2 * this.#bytes.length + least);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  #grow(): void {
    const ends = new Int32Array(this.#slots.length + 1);
    ends.set(this.#ends);
    this.#ends = ends;
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#size; number += 1) {
      let slot = hashOf(this.#view, ends[number]!, ends[number + 1]!) & mask;
      while (slots[slot]! > 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Murmur3, for tables: it keeps no secrets. */
function hashOf(source: DataView, start: number, end: number): number {
  let hash = SEED;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mixed(hash, source.getInt32(at));
  let tail = end - start;
  for (; at < end; at += 1) tail = (tail << 8) | source.getUint8(at);
  hash = mixed(hash, tail);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function mixed(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const turned = Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  const both = hash ^ turned;
  return (Math.imul((both << 13) | (both >>> 19), 5) + 0xe6546b64) | 0;
}

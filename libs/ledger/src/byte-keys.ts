import { randomInt } from 'node:crypto';
import { ByteStrings } from './byte-strings.js';

const FIRST_SLOTS = 1 << 10;
/** Between calls and processes another, so that nobody can choose names that all fall into one slot. */
const SEED = randomInt(2 ** 32);

/**
 * Numbers strings of bytes in the order in which they are first seen: 0, 1, 2, … None has to be decoded to be found.
 */
export class ByteKeys {
  /** A key's number plus one, where its hash points to or behind; 0 where there is none. */
  #slots = new Int32Array(FIRST_SLOTS);
  readonly #keys = new ByteStrings();

  get size(): number {
    return this.#keys.size;
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
    const number = this.#keys.add(source, start, end);
    this.#slots[slot] = number + 1;
    if (this.size * 2 >= this.#slots.length) this.#grow();
    return number;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#keys.clear();
  }

  /** The slot of the key, or the free one where it would be. */
  #slotOf(source: DataView, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(source, start, end) & mask;
    for (let found = slots[slot]!; found > 0; found = slots[slot]!) {
      if (this.#keys.is(found - 1, source, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let number = 0; number < keys.size; number += 1) {
      const [start, end] = [keys.startOf(number), keys.startOf(number + 1)];
      let slot = hashOf(keys.view, start, end) & mask;
      while (slots[slot]! > 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
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

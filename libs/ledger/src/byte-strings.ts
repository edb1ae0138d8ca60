const FIRST_STRINGS = 1 << 9;
const FIRST_BYTES = 1 << 16;

/** Strings of bytes one behind the other, by number: hundreds of thousands take no object each. */
export class ByteStrings {
  #size = 0;
  /** Where each ends in the bytes, from the second number on; it begins where the one ahead ends. */
  #ends = new Int32Array(FIRST_STRINGS + 1);
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = viewOf(this.#bytes);

  get size(): number {
    return this.#size;
  }

  /** What they stand in. */
  get view(): DataView {
    return this.#view;
  }

  startOf(number: number): number {
    return this.#ends[number]!;
  }

  /** @returns the number of the string: the size so far */
  add(source: DataView, start: number, end: number): number {
    const number = this.#size;
    const at = this.#ends[number]!;
    if (at + end - start > this.#bytes.length) this.#growBytes(end - start);
    copyBytes(source, start, end, this.#view, at);
    if (number + 1 === this.#ends.length) this.#growEnds();
    this.#size = number + 1;
    this.#ends[number + 1] = at + end - start;
    return number;
  }

  is(number: number, source: DataView, start: number, end: number): boolean {
    const at = this.#ends[number]!;
    return (
      this.#ends[number + 1]! - at === end - start &&
      areSameBytes(source, start, end, this.#view, at)
    );
  }

  clear(): void {
    this.#size = 0;
  }

  #growBytes(least: number): void {
    const bytes = Buffer.allocUnsafe(2 * this.#bytes.length + least);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  #growEnds(): void {
    const ends = new Int32Array(2 * this.#ends.length);
    ends.set(this.#ends);
    this.#ends = ends;
  }
}

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Whether the bytes from `start` to `end` are those of another view from `at` on. */
export function areSameBytes(
  view: DataView,
  start: number,
  end: number,
  other: DataView,
  at: number,
): boolean {
  const ahead = at - start;
  let from = start;
  for (; from + 4 <= end; from += 4)
    if (view.getInt32(from) !== other.getInt32(from + ahead)) return false;
  for (; from < end; from += 1)
    if (view.getUint8(from) !== other.getUint8(from + ahead)) return false;
  return true;
}

/** Copies the bytes from `start` to `end` to where another view has room for them, from `at` on. */
export function copyBytes(
  source: DataView,
  start: number,
  end: number,
  target: DataView,
  at: number,
): void {
  const ahead = at - start;
  let from = start;
  for (; from + 4 <= end; from += 4)
    target.setInt32(from + ahead, source.getInt32(from));
  for (; from < end; from += 1)
    target.setUint8(from + ahead, source.getUint8(from));
}

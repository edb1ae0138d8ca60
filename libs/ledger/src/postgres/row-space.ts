const FIRST_BYTES = 1 << 16;

/**
 * Puts rows one behind the other, page after page in the same bytes: new ones for every page would be collected as
 * garbage all the time, and that costs more than the copy.
 */
export class RowSpace {
  #space: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #end = 0;

  /** The rows so far. */
  get bytes(): Buffer {
    return this.#space.subarray(0, this.#end);
  }

  add(rows: Buffer): void {
    const end = this.#end + rows.length;
    if (end > this.#space.length) {
      const space = Buffer.allocUnsafe(2 * end);
      space.set(this.bytes);
      this.#space = space;
    }
    this.#space.set(rows, this.#end);
    this.#end = end;
  }

  clear(): void {
    this.#end = 0;
  }
}

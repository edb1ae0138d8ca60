import { copyBytes, viewOf } from '../byte-strings.js';

const FIRST_BYTES = 1 << 10;

/** Puts together the bytes of one key after the other, for `ByteKeys`: fields as PostgreSQL sends them. */
export class KeyWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  view = viewOf(this.#bytes);
  /** Where the key ends; it begins at 0. */
  end = 0;

  begin(): this {
    this.end = 0;
    return this;
  }

  /** Bytes as they stand elsewhere. */
  copy(source: DataView, start: number, end: number): this {
    this.#reserve(end - start);
    copyBytes(source, start, end, this.view, this.end);
    this.end += end - start;
    return this;
  }

  int4(value: number): this {
    this.#reserve(4);
    this.view.setInt32(this.end, value);
    this.end += 4;
    return this;
  }

  /** A field. @param value a safe integer */
  int8(value: number): this {
    this.int4(8).int4(Math.floor(value / 2 ** 32));
    return this.int4(value % 2 ** 32);
  }

  #reserve(length: number): void {
    if (this.end + length <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(2 * this.#bytes.length + length);
    bytes.set(this.#bytes.subarray(0, this.end));
    this.#bytes = bytes;
    this.view = viewOf(bytes);
  }
}

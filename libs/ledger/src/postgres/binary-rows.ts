import { viewOf } from '../byte-strings.js';

/** Ahead of a row: its message's type and length, and the number of fields. */
const ROW_HEAD_BYTES = 7;
const LENGTH_BYTES = 4;
const INT8_BYTES = 8;
/** Between 1970 and PostgreSQL's own epoch, 2000, in microseconds. */
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000;
const TWO_TO_32 = 2 ** 32;

/**
 * Rows as `queryBinary` gives them. Fields are read one after the other, in the order in which the query has them, or
 * passed over.
 */
export class BinaryRows {
  readonly view: DataView;
  #at = 0;
  #next: number;

  /** @param start where the rows begin in the bytes, and `end` where they end */
  constructor(
    readonly bytes: Buffer,
    start = 0,
    private readonly limit = bytes.length,
    view = viewOf(bytes),
  ) {
    this.#next = start;
    this.view = view;
  }

  /** Where the next field begins: with its length. */
  get at(): number {
    return this.#at;
  }

  /** Where the row ends. */
  get end(): number {
    return this.#next;
  }

  /** Goes to the next row. @returns false where there is none */
  next(): boolean {
    const start = this.#next;
    if (start >= this.limit) return false;
    this.#at = start + ROW_HEAD_BYTES;
    this.#next = start + 1 + this.view.getInt32(start + 1);
    return true;
  }

  /** The field at the end of the row, an int8: a safe integer, or one that is not exact. */
  lastInt8(): number {
    return numberAt(this.view, this.#next - INT8_BYTES);
  }

  /** Passes over a field. @returns where it begins: with its length, which is negative where it is null */
  field(): number {
    const at = this.#at;
    this.#at = endOfField(this.view, at);
    return at;
  }

  text(): string {
    const text = this.textOrNull();
    if (text === null) throw new Error('an unexpected NULL');
    return text;
  }

  textOrNull(): string | null {
    const at = this.field();
    return this.view.getInt32(at) < 0 ? null : textAt(this.bytes, at, this.#at);
  }

  bytea(): Buffer {
    return this.bytes.subarray(this.field() + LENGTH_BYTES, this.#at);
  }

  int8(): bigint {
    return this.view.getBigInt64(this.field() + LENGTH_BYTES);
  }

  int2(): number {
    return this.view.getInt16(this.field() + LENGTH_BYTES);
  }

  /** Milliseconds since the epoch, with whatever fraction of one the time has. */
  timestamptz(): number {
    const micros = numberAt(this.view, this.field() + LENGTH_BYTES);
    return (micros + POSTGRES_EPOCH_MICROS) / 1_000;
  }

  /** An int8 as a number: a safe integer, or one that is not exact. */
  number(): number {
    return numberAt(this.view, this.field() + LENGTH_BYTES);
  }
}

/** An int8 as a number: a safe integer, or one that is not exact. @param at where its digits begin */
export function numberAt(view: DataView, at: number): number {
  return view.getInt32(at) * TWO_TO_32 + view.getUint32(at + 4);
}

/** Below zero, zero or above, as one int8 is to another; both by where their digits begin. */
export function compareInt8(view: DataView, a: number, b: number): number {
  return (
    view.getInt32(a) - view.getInt32(b) ||
    view.getUint32(a + 4) - view.getUint32(b + 4)
  );
}

/** @param at where the field begins: with its length */
export function endOfField(view: DataView, at: number): number {
  const length = view.getInt32(at);
  return at + LENGTH_BYTES + (length < 0 ? 0 : length);
}

/** Whether two fields are alike; both by where they begin. */
export function isSameField(view: DataView, a: number, b: number): boolean {
  const end = endOfField(view, a);
  for (let i = a, j = b; i < end; i += 1, j += 1)
    if (view.getUint8(i) !== view.getUint8(j)) return false;
  return true;
}

/** @param at where the field begins: with its length */
export function textAt(bytes: Buffer, at: number, end: number): string {
  return bytes.toString('utf8', at + LENGTH_BYTES, end);
}

const FIELD_COUNT_BYTES = 4;
/** Between 1970 and PostgreSQL's own epoch, 2000, in microseconds. */
const POSTGRES_EPOCH_MICROS = 946_684_800_000_000n;

/**
 * Rows that a query gives as one `string_agg(record_send(row), '')`, each in PostgreSQL's binary format of a record:
 * for reading millions, since `pg` takes longer for a row than its hash takes. Fields are read one after the other,
 * in the order in which the query has them.
 */
export class BinaryRows {
  #at = 0;

  /** @param bytes null where there are no rows */
  constructor(private readonly bytes: Buffer | null) {}

  /** Goes to the next row. @returns false where there is none */
  next(): boolean {
    if (this.bytes === null || this.#at >= this.bytes.length) return false;
    this.#at += FIELD_COUNT_BYTES;
    return true;
  }

  text(): string {
    const text = this.textOrNull();
    if (text === null) throw new Error('an unexpected NULL');
    return text;
  }

  textOrNull(): string | null {
    const length = this.#length();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    return this.bytes!.toString('utf8', start, this.#at);
  }

  bytea(): Buffer {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return this.bytes!.subarray(start, this.#at);
  }

  int8(): bigint {
    this.#length();
    this.#at += 8;
    return this.bytes!.readBigInt64BE(this.#at - 8);
  }

  int2(): number {
    this.#length();
    this.#at += 2;
    return this.bytes!.readInt16BE(this.#at - 2);
  }

  /** Milliseconds since the epoch, with whatever fraction of one the time has. */
  timestamptz(): number {
    const micros = this.int8() + POSTGRES_EPOCH_MICROS;
    return micros % 1_000n === 0n
      ? Number(micros / 1_000n)
      : Number(micros) / 1_000;
  }

  /** Passes over the type of the field. */
  #length(): number {
    const length = this.bytes!.readInt32BE(this.#at + 4);
    this.#at += 8;
    return length;
  }
}

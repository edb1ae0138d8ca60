import { SealError } from './seal-error.js';

const HASH_HEX = /^[0-9a-f]{64}$/;
const COUNT = /^(0|[1-9]\d*)$/;

/** Reads fields that `lengthPrefixed` of the ledger has put together. Every method throws SealError. */
export class FieldReader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  text(): string {
    const start = this.#at + 4;
    const end =
      start <= this.bytes.length
        ? start + this.bytes.readUInt32BE(this.#at)
        : Infinity;
    if (end > this.bytes.length) throw new SealError('a leaf is cut off');
    this.#at = end;
    return this.bytes.toString('utf8', start, end);
  }

  bigint(): bigint {
    const text = this.text();
    if (!COUNT.test(text))
      throw new SealError(`not a number in a leaf: ${JSON.stringify(text)}`);
    return BigInt(text);
  }

  /** A number that counts something, up to 2^53 - 1. */
  count(): number {
    const value = Number(this.bigint());
    if (!Number.isSafeInteger(value))
      throw new SealError(`a number in a leaf is too large: ${value}`);
    return value;
  }

  hash(): Buffer {
    const text = this.text();
    if (!HASH_HEX.test(text))
      throw new SealError(`not a hash in a leaf: ${JSON.stringify(text)}`);
    return Buffer.from(text, 'hex');
  }

  end(): void {
    if (!this.isAtEnd) throw new SealError('a leaf has more than its fields');
  }
}

/** Only with these do UTF-16 and UTF-8 order texts in different ways. */
const BEYOND_SURROGATES = /[\ud800-\uffff]/;

/** Compares texts by their bytes in UTF-8: an order that every language has. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (BEYOND_SURROGATES.test(a) || BEYOND_SURROGATES.test(b))
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

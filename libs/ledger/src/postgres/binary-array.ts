import { types } from 'pg';

const {
  BOOL,
  BYTEA,
  INT2,
  INT8,
  JSON: JSON_TYPE,
  JSONB,
  TEXT,
  TIMESTAMPTZ,
} = types.builtins;

const NULL_LENGTH = -1;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
/** Leads a jsonb: the version of its format, ahead of the text. */
const JSONB_VERSION = '\x01';
/** Between 1970 and PostgreSQL's own epoch, 2000. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/**
 * Arrays as PostgreSQL sends and receives them in binary (its `array_send`): what unnest takes apart is then neither
 * written nor read as text. `pg` sends a Buffer as it is.
 */
export const binaryArray = {
  text: (values: readonly (string | null)[]) => ofTexts(TEXT, values),
  json: (values: readonly string[]) => ofTexts(JSON_TYPE, values),
  jsonb: (values: readonly string[]) =>
    ofTexts(
      JSONB,
      values.map((value) => JSONB_VERSION + value),
    ),
  bytea: (values: readonly Buffer[]) => ofBytes(values),
  int8: (values: readonly bigint[]) =>
    ofFixed(INT8, 8, values, (bytes, value, at) =>
      bytes.writeBigInt64BE(value, at),
    ),
  int2: (values: readonly number[]) =>
    ofFixed(INT2, 2, values, (bytes, value, at) =>
      bytes.writeInt16BE(value, at),
    ),
  bool: (values: readonly boolean[]) =>
    ofFixed(BOOL, 1, values, (bytes, value, at) =>
      bytes.writeInt8(value ? 1 : 0, at),
    ),
  /** Of milliseconds since the epoch. */
  timestamptz: (values: readonly (number | null)[]) =>
    ofFixed(TIMESTAMPTZ, 8, values, writeTime),
};

function writeTime(bytes: Buffer, ms: number, at: number): void {
  const sinceMs = ms - POSTGRES_EPOCH_MS;
  const micros = sinceMs * 1_000;
  bytes.writeBigInt64BE(
    Number.isSafeInteger(micros) ? BigInt(micros) : BigInt(sinceMs) * 1_000n,
    at,
  );
}

function ofFixed<Value>(
  type: number,
  size: number,
  values: readonly (Value | null)[],
  write: (bytes: Buffer, value: Value, at: number) => void,
): Buffer {
  const bytes = Buffer.allocUnsafe(
    HEADER_BYTES + values.length * (LENGTH_BYTES + size),
  );
  let at = writeHeader(bytes, type, values.length);
  let hasNull = false;
  for (const value of values) {
    if (value === null) {
      hasNull = true;
      at = bytes.writeInt32BE(NULL_LENGTH, at);
    } else {
      at = bytes.writeInt32BE(size, at);
      write(bytes, value, at);
      at += size;
    }
  }
  return finished(bytes, at, hasNull);
}

function ofTexts(type: number, values: readonly (string | null)[]): Buffer {
  let most = HEADER_BYTES;
  // A UTF-16 unit is three bytes of UTF-8 at most.
  for (const value of values) most += LENGTH_BYTES + 3 * (value?.length ?? 0);
  const bytes = Buffer.allocUnsafe(most);
  let at = writeHeader(bytes, type, values.length);
  let hasNull = false;
  for (const value of values) {
    if (value === null) {
      hasNull = true;
      at = bytes.writeInt32BE(NULL_LENGTH, at);
    } else {
      const length = bytes.write(value, at + LENGTH_BYTES);
      at = bytes.writeInt32BE(length, at) + length;
    }
  }
  return finished(bytes, at, hasNull);
}

function ofBytes(values: readonly Buffer[]): Buffer {
  let size = HEADER_BYTES;
  for (const { length } of values) size += LENGTH_BYTES + length;
  const bytes = Buffer.allocUnsafe(size);
  let at = writeHeader(bytes, BYTEA, values.length);
  for (const value of values) {
    at = bytes.writeInt32BE(value.length, at);
    bytes.set(value, at);
    at += value.length;
  }
  return finished(bytes, at, false);
}

/** One dimension, from 1 on. */
function writeHeader(bytes: Buffer, type: number, count: number): number {
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(0, 4);
  bytes.writeUInt32BE(type, 8);
  bytes.writeInt32BE(count, 12);
  return bytes.writeInt32BE(1, 16);
}

function finished(bytes: Buffer, end: number, hasNull: boolean): Buffer {
  if (hasNull) bytes.writeInt32BE(1, 4);
  return bytes.subarray(0, end);
}

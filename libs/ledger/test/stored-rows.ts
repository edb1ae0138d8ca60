import type { StoredEntry } from '@app/ledger';
import type { StoredRows } from '../src/postgres/stored-entries.js';

const POSTGRES_EPOCH_MS = 946_684_800_000;
const HEAD_BYTES = 7;

/** Entries as the database sends their rows. */
export function toStoredRows(entries: readonly StoredEntry[]): StoredRows {
  const rows = Buffer.concat(
    entries.map((entry) =>
      row(
        int8(entry.sequence),
        timestamptz(entry.occurredAtMs),
        timestamptz(entry.recordedAtMs),
        entry.hash,
        text(entry.kind),
        text(entry.merchantId),
        text(entry.causeText),
      ),
    ),
  );
  const postings = entries.flatMap(({ sequence, postings: lines }) =>
    lines.map(({ line, amount, balance, account, unit, lotId }) =>
      row(
        int8(sequence),
        int2(line),
        int8(amount),
        int8(balance),
        text(account),
        text(unit),
        text(lotId),
      ),
    ),
  );
  return {
    bytes: Buffer.concat([rows, ...postings]),
    postingsAt: rows.length,
    range: { after: 0n, upTo: entries.at(-1)?.sequence ?? 0n },
  };
}

/** A message of the kind "data row". */
export function row(...fields: (Buffer | null)[]): Buffer {
  const parts = fields.flatMap((field) =>
    field === null ? [int4(-1)] : [int4(field.length), field],
  );
  const head = Buffer.alloc(HEAD_BYTES, 'D');
  const body = Buffer.concat(parts);
  head.writeInt32BE(HEAD_BYTES - 1 + body.length, 1);
  head.writeInt16BE(fields.length, 5);
  return Buffer.concat([head, body]);
}

export function text(value: string | null): Buffer | null {
  return value === null ? null : Buffer.from(value);
}

export function int8(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int2(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function timestamptz(ms: number): Buffer {
  return int8(BigInt(Math.round((ms - POSTGRES_EPOCH_MS) * 1_000)));
}

import {
  idOf,
  microsOf,
  utcText,
  type ExportedEntry,
  type ExportedPosting,
} from './exported-entry.js';

/** An entry as one line of JSON, its integers with all their digits and its cause as it was hashed. */
export function ndjsonLine(entry: ExportedEntry): string {
  const postings = entry.postings.map(
    ({ line, account, unit, amount, lotId }) =>
      `{"line":${line},"account":${json(account)},"unit":${json(unit)},"amount":${amount},"lot_id":${json(lotId)}}`,
  );
  return [
    `{"entry_id":${json(idOf(entry))}`,
    `"journal":${json(entry.journal)}`,
    `"shard":${entry.shard}`,
    `"sequence":${entry.sequence}`,
    `"kind":${json(entry.kind)}`,
    `"merchant_id":${json(entry.merchantId)}`,
    `"occurred_at":"${utcText(entry.occurredAtMicros)}"`,
    `"recorded_at":"${utcText(entry.recordedAtMicros)}"`,
    `"previous_hash":${json(entry.previousHash)}`,
    `"hash":"${entry.hash}"`,
    `"postings":[${postings.join(',')}]`,
    // Last, so that its text can be cut out as it stands. Canonical JSON has no line breaks; a changed one may.
    `"cause":${entry.causeText.replaceAll(/[\r\n]+/g, ' ')}}\n`,
  ].join(',');
}

const CAUSE = ',"cause":';
/** A string, which stays as it is, or an integer that a double may not hold. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}/g;

/**
 * Reads a line that {@link ndjsonLine} wrote, exactly.
 *
 * @throws SyntaxError where it is no such line
 */
export function parseNdjsonLine(line: string): ExportedEntry {
  // Quotes within strings are escaped: the first place that reads like the field is the field.
  const at = line.indexOf(CAUSE);
  if (at < 0) throw new SyntaxError('a line without a cause');
  const fields = `${line.slice(0, at)}}`.replaceAll(
    STRING_OR_LONG_INTEGER,
    (found) => (found.startsWith('"') ? found : `"${found}"`),
  );
  const read = JSON.parse(fields) as Line;
  const causeText = line.trimEnd().slice(at + CAUSE.length, -1);
  const cause = JSON.parse(causeText) as { program?: unknown };
  return {
    journal: read.journal,
    shard: read.shard,
    sequence: BigInt(read.sequence),
    kind: read.kind,
    merchantId: read.merchant_id,
    occurredAtMicros: microsOf(read.occurred_at),
    recordedAtMicros: microsOf(read.recorded_at),
    causeText,
    program: typeof cause.program === 'string' ? cause.program : null,
    previousHash: read.previous_hash,
    hash: read.hash,
    postings: read.postings.map((posting): ExportedPosting => ({
      line: posting.line,
      account: posting.account,
      unit: posting.unit,
      amount: BigInt(posting.amount),
      lotId: posting.lot_id,
    })),
  };
}

interface Line {
  journal: string;
  shard: number;
  sequence: number | string;
  kind: string;
  merchant_id: string | null;
  occurred_at: string;
  recorded_at: string;
  previous_hash: string | null;
  hash: string;
  postings: {
    line: number;
    account: string;
    unit: string;
    amount: number | string;
    lot_id: string | null;
  }[];
}

function json(text: string | null): string {
  return JSON.stringify(text);
}

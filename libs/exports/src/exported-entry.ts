import {
  chainHashOfNamed,
  entryId,
  type Journal,
  type NamedEntry,
} from '@app/ledger';

/** An entry as it is exported: as it is stored, nothing rounded and nothing left out. */
export interface ExportedEntry {
  shard: number;
  journal: string;
  sequence: bigint;
  kind: string;
  merchantId: string | null;
  /** Microseconds since the epoch, as fine as the database keeps time; writers keep milliseconds. */
  occurredAtMicros: bigint;
  recordedAtMicros: bigint;
  /** Canonical JSON (RFC 8785). */
  causeText: string;
  /** The program that the cause names. */
  program: string | null;
  /** Of the entry ahead in the journal, in hex; null where it is missing. */
  previousHash: string | null;
  /** SHA-256 in hex. */
  hash: string;
  /** In the order of their lines. */
  postings: readonly ExportedPosting[];
}

export interface ExportedPosting {
  line: number;
  /** The full name. */
  account: string;
  unit: string;
  amount: bigint;
  lotId: string | null;
}

export function idOf({ journal, shard, sequence }: ExportedEntry): string {
  return entryId(journal as Journal, shard, sequence);
}

/** RFC 3339 in UTC, with milliseconds, or with microseconds where there are any. */
export function utcText(micros: bigint): string {
  const below = ((micros % 1_000n) + 1_000n) % 1_000n;
  const text = new Date(Number((micros - below) / 1_000n)).toISOString();
  return below === 0n
    ? text
    : `${text.slice(0, -1)}${String(below).padStart(3, '0')}Z`;
}

/** The inverse of {@link utcText}. */
export function microsOf(text: string): bigint {
  const micros = /\.\d{3}(\d{3})Z$/.exec(text)?.[1] ?? '0';
  return BigInt(Date.parse(text)) * 1_000n + BigInt(micros);
}

/**
 * The hash that an entry makes, over the one ahead of it: `hash`, unless it was changed.
 *
 * @returns hex; null where the entry ahead is missing
 */
export function recomputeHash(entry: ExportedEntry): string | null {
  if (entry.previousHash === null) return null;
  const previous = Buffer.from(entry.previousHash, 'hex');
  return chainHashOfNamed(previous, asHashed(entry)).toString('hex');
}

/** What the ledger's canonical encoding takes. */
export function asHashed(entry: ExportedEntry): NamedEntry {
  return {
    ...entry,
    occurredAtMs: milliseconds(entry.occurredAtMicros),
    recordedAtMs: milliseconds(entry.recordedAtMicros),
  } as NamedEntry;
}

/** With whatever fraction there is: a changed microsecond has to make another hash. */
function milliseconds(micros: bigint): number {
  return micros % 1_000n === 0n
    ? Number(micros / 1_000n)
    : Number(micros) / 1_000;
}

import { accountName } from './account.js';
import { canonicalJson } from './canonical-json.js';
import type { Entry, Journal, StoredEntry, StoredPosting } from './entry.js';

/** Leads the bytes, so that another layout can never be mistaken for this one. */
const LAYOUT = 'traffic-reward-ledger/entry/v1';

/** What stands in the bytes of an entry. `Text` is what its texts are held in. */
export interface EntryFields<Text> {
  journal: Journal;
  shard: number;
  sequence: bigint;
  kind: Text;
  merchantId: Text | null;
  /** Milliseconds since the epoch. */
  occurredAtMs: number;
  recordedAtMs: number;
  causeText: Text;
  postingCount: number;
  /** Of the posting on a line, from 0 on. */
  account: (line: number) => Text;
  unit: (line: number) => Text;
  amount: (line: number) => number | bigint;
  lotId: (line: number) => Text | null;
}

/** Puts fields down one behind the other, each led by its length in bytes (4 bytes, big-endian). */
export interface FieldSink<Text> {
  /** The same fields at the head of all entries of a shard of a journal. */
  head: (layout: string, journal: Journal, shard: number) => void;
  /** What is absent is empty. */
  text: (value: Text | null) => void;
  /** In decimal digits. */
  number: (value: number | bigint) => void;
}

/**
 * The layout of an entry's canonical bytes: every field but the hash, in a fixed order. Integers are decimal, times
 * milliseconds since the epoch, the cause is canonical JSON (RFC 8785), an absent merchant or lot is the empty string.
 */
export function putEntry<Text>(
  sink: FieldSink<Text>,
  entry: EntryFields<Text>,
): void {
  sink.head(LAYOUT, entry.journal, entry.shard);
  sink.number(entry.sequence);
  sink.text(entry.kind);
  sink.text(entry.merchantId);
  sink.number(entry.occurredAtMs);
  sink.number(entry.recordedAtMs);
  sink.text(entry.causeText);
  sink.number(entry.postingCount);
  for (let line = 0; line < entry.postingCount; line += 1) {
    sink.text(entry.account(line));
    sink.text(entry.unit(line));
    sink.number(entry.amount(line));
    sink.text(entry.lotId(line));
  }
}

/** The canonical bytes of an entry, as {@link putEntry} lays them out. */
export function encodeEntry(entry: UnhashedEntry): Buffer {
  return encodeNamedEntry(withAccountNames(entry));
}

/** An entry whose accounts stand with their full names. */
export interface NamedEntry extends Omit<StoredEntry, 'hash' | 'postings'> {
  /** In the order of their lines. */
  postings: readonly Omit<StoredPosting, 'line' | 'balance'>[];
}

/** An entry in its place, before it is hashed. */
export type UnhashedEntry = Omit<Entry, 'hash' | 'causeText'>;

/** @param causeText the cause as canonical JSON, where the caller has it already */
export function withAccountNames(
  entry: UnhashedEntry,
  causeText = canonicalJson(entry.cause),
): NamedEntry {
  return {
    ...entry,
    causeText,
    postings: entry.postings.map(({ account, unit, amount, lotId }) => ({
      account: accountName(account, entry.merchantId),
      unit,
      amount,
      lotId,
    })),
  };
}

/**
 * The canonical bytes of an entry, as {@link encodeEntry} makes them.
 *
 * @param headroom bytes to leave free ahead of them: for what is hashed along, without a copy
 */
export function encodeNamedEntry(entry: NamedEntry, headroom = 0): Buffer {
  const sink = new TextSink();
  putEntry(sink, new NamedFields(entry));
  return lengthPrefixed(sink.fields, headroom);
}

/** A class, and no object with functions: one is made for each entry that is hashed. */
class NamedFields implements EntryFields<string> {
  readonly journal: Journal;
  readonly shard: number;
  readonly sequence: bigint;
  readonly kind: string;
  readonly merchantId: string | null;
  readonly occurredAtMs: number;
  readonly recordedAtMs: number;
  readonly causeText: string;
  readonly #postings: NamedEntry['postings'];

  constructor(entry: NamedEntry) {
    this.journal = entry.journal;
    this.shard = entry.shard;
    this.sequence = entry.sequence;
    this.kind = entry.kind;
    this.merchantId = entry.merchantId;
    this.occurredAtMs = entry.occurredAtMs;
    this.recordedAtMs = entry.recordedAtMs;
    this.causeText = entry.causeText;
    this.#postings = entry.postings;
  }

  get postingCount(): number {
    return this.#postings.length;
  }

  account(line: number): string {
    return this.#postings[line]!.account;
  }

  unit(line: number): string {
    return this.#postings[line]!.unit;
  }

  amount(line: number): bigint {
    return this.#postings[line]!.amount;
  }

  lotId(line: number): string | null {
    return this.#postings[line]!.lotId;
  }
}

class TextSink implements FieldSink<string> {
  readonly fields: string[] = [];

  head(layout: string, journal: Journal, shard: number): void {
    this.fields.push(layout, journal, String(shard));
  }

  text(value: string | null): void {
    this.fields.push(value ?? '');
  }

  number(value: number | bigint): void {
    this.fields.push(String(value));
  }
}

const NO_LENGTH = '\0\0\0\0';

/**
 * Fields one behind the other, each led by its length in bytes (4 bytes, big-endian), in UTF-8: what everything
 * that is hashed is made of.
 *
 * @param headroom bytes to leave free ahead of them
 */
export function lengthPrefixed(
  fields: readonly string[],
  headroom = 0,
): Buffer {
  const text = NO_LENGTH + fields.join(NO_LENGTH);
  const size = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(headroom + size);
  bytes.write(text, headroom);
  // Nearly always all of it is ASCII, and no length has to be counted.
  const isAscii = size === text.length;
  let at = headroom;
  for (const field of fields) {
    const length = isAscii ? field.length : Buffer.byteLength(field);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return bytes;
}

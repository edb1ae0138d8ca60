import { hash as digest } from 'node:crypto';
import { ByteKeys } from '../byte-keys.js';
import { viewOf } from '../byte-strings.js';
import { putEntry, type EntryFields } from '../encoding.js';
import type { Journal } from '../entry.js';
import type { EntryAtHand } from '../verify.js';
import {
  BinaryRows,
  compareInt8,
  endOfField,
  isSameField,
  numberAt,
  textAt,
} from './binary-rows.js';
import { ByteSink } from '../byte-sink.js';
import { roomFor } from './room.js';
import type { JournalPlace, StoredRows } from './stored-entries.js';

const NO_ROWS: Buffer = Buffer.alloc(0);
const LENGTH_BYTES = 4;
/** Where the fields of a posting's row stand, from its first one on: those ahead of the account have one size. */
const SEQUENCE = 4;
const LINE = 16;
const AMOUNT = 22;
const BALANCE = 34;
const ACCOUNT = 42;

/**
 * Goes along the entries of a page as they are stored, one at a time and without an object for any of them. Texts are
 * where they begin in the bytes of the page: with their length.
 */
export class EntryCursor implements EntryFields<number>, EntryAtHand {
  readonly journal: Journal;
  readonly shard: number;
  /** Of the page. */
  view = viewOf(NO_ROWS);
  sequence = 0n;
  kind = 0;
  merchantId: number | null = null;
  occurredAtMs = 0;
  recordedAtMs = 0;
  causeText = 0;
  postingCount = 0;
  #hashAt = 0;
  #bytes = NO_ROWS;
  #entries = new BinaryRows(NO_ROWS);
  #postings = new BinaryRows(NO_ROWS);
  /** Where the row of the next posting has its sequence; -1 behind the last one. */
  #postingOf = -1;
  readonly #sink = new ByteSink();
  /** Of each posting of the entry: where these fields begin. */
  #accounts: Int32Array = new Int32Array(16);
  #units: Int32Array = new Int32Array(16);
  #lots: Int32Array = new Int32Array(16);
  readonly #unitNumbers = new ByteKeys();
  /** By the number of the unit: what the upper and the lower halves of amounts sum to. */
  readonly #high: number[] = [];
  readonly #low: number[] = [];

  /** @param onOrphan gets each sequence that has postings and no entry */
  constructor(
    { journal, shard }: JournalPlace,
    private readonly onOrphan: (sequence: bigint) => void,
  ) {
    this.journal = journal;
    this.shard = shard;
  }

  /** Takes up a page, behind the one before. */
  load({ bytes, postingsAt }: StoredRows): void {
    this.#bytes = bytes;
    this.view = viewOf(bytes);
    this.#entries = new BinaryRows(bytes, 0, postingsAt, this.view);
    this.#postings = new BinaryRows(bytes, postingsAt, bytes.length, this.view);
    this.#readOn();
    this.#sink.source = this.view;
    this.#unitNumbers.clear();
  }

  /** Goes to the next entry. @returns false behind the last one of the page */
  next(): boolean {
    const rows = this.#entries;
    if (!rows.next()) {
      this.#passOrphans();
      return false;
    }
    const sequence = rows.field() + LENGTH_BYTES;
    this.sequence = this.view.getBigInt64(sequence);
    this.occurredAtMs = rows.timestamptz();
    this.recordedAtMs = rows.timestamptz();
    this.#hashAt = rows.field();
    this.kind = rows.field();
    const merchantId = rows.field();
    this.merchantId = this.view.getInt32(merchantId) < 0 ? null : merchantId;
    this.causeText = rows.field();
    this.#takePostings(sequence);
    return true;
  }

  get hash(): string {
    const end = this.endOf(this.#hashAt);
    return this.#bytes.toString('latin1', this.#hashAt + LENGTH_BYTES, end);
  }

  /** Where the account of a line begins; its unit follows it. */
  account = (line: number): number => this.#accounts[line]!;
  unit = (line: number): number => this.#units[line]!;
  lotId = (line: number): number => this.#lots[line]!;

  amount = (line: number): number | bigint => {
    const at = this.amountAt(line);
    const amount = numberAt(this.view, at);
    return Number.isSafeInteger(amount) ? amount : this.view.getBigInt64(at);
  };

  /** Where the eight bytes of the amount stand. */
  amountAt(line: number): number {
    return this.#accounts[line]! - ACCOUNT + AMOUNT;
  }

  /** Not exact where it is no safe integer. */
  balance(line: number): number {
    return numberAt(this.view, this.#accounts[line]! - ACCOUNT + BALANCE);
  }

  /** @param at where a text begins */
  endOf(at: number): number {
    return endOfField(this.view, at);
  }

  textAt(at: number): string {
    return textAt(this.#bytes, at, endOfField(this.view, at));
  }

  textBetween(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end);
  }

  /** Makes the canonical bytes of the entry, which hashes are made of. */
  encode(): void {
    putEntry(this.#sink, this);
  }

  /** Its canonical bytes, until another entry is encoded. */
  encoded(): Buffer {
    return this.#sink.bytes();
  }

  hashBehind(previous: string): string {
    return digest('sha256', this.#sink.behind(previous), 'binary');
  }

  wrong(): string | null {
    const { view } = this;
    for (let i = 0; i < this.postingCount; i += 1) {
      const line = view.getInt16(this.#accounts[i]! - ACCOUNT + LINE);
      if (line !== i)
        return `has no line ${i} among its postings, but a line ${line}`;
    }
    // They would hash like an absent merchant or lot.
    if (this.merchantId !== null && view.getInt32(this.merchantId) === 0)
      return EMPTY_NAME;
    for (let line = 0; line < this.postingCount; line += 1)
      if (view.getInt32(this.#lots[line]!) === 0) return EMPTY_NAME;
    return this.#imbalance();
  }

  /** @param sequence where that of the entry stands */
  #takePostings(sequence: number): void {
    const { view } = this;
    this.postingCount = 0;
    for (; this.#postingOf >= 0; this.#readOn()) {
      const order = compareInt8(view, this.#postingOf, sequence);
      if (order > 0) return;
      if (order === 0) {
        const account = this.#postings.at + ACCOUNT;
        const unit = endOfField(view, account);
        this.#addLine(account, unit, endOfField(view, unit));
      } else this.onOrphan(view.getBigInt64(this.#postingOf));
    }
  }

  #addLine(account: number, unit: number, lot: number): void {
    const line = this.postingCount;
    this.postingCount += 1;
    this.#accounts = roomFor(this.#accounts, this.postingCount);
    this.#units = roomFor(this.#units, this.postingCount);
    this.#lots = roomFor(this.#lots, this.postingCount);
    this.#accounts[line] = account;
    this.#units[line] = unit;
    this.#lots[line] = lot;
  }

  #passOrphans(): void {
    for (; this.#postingOf >= 0; this.#readOn())
      this.onOrphan(this.view.getBigInt64(this.#postingOf));
  }

  #readOn(): void {
    const rows = this.#postings;
    this.#postingOf = rows.next() ? rows.at + SEQUENCE : -1;
  }

  /** Whether each two lines are a move of one amount from one account to another: so nearly all entries are made. */
  #areMoves(): boolean {
    if (this.postingCount % 2 !== 0) return false;
    for (let line = 0; line < this.postingCount; line += 2) {
      const out = numberAt(this.view, this.amountAt(line));
      const into = numberAt(this.view, this.amountAt(line + 1));
      if (out !== -into || !Number.isSafeInteger(out)) return false;
      if (!isSameField(this.view, this.#units[line]!, this.#units[line + 1]!))
        return false;
    }
    return true;
  }

  /** By the first unit that does not sum to zero. */
  #imbalance(): string | null {
    if (this.#areMoves()) return null;
    const [high, low] = [this.#high, this.#low];
    for (let line = 0; line < this.postingCount; line += 1) {
      const unit = this.#unitNumber(line);
      high[unit] = 0;
      low[unit] = 0;
    }
    for (let line = 0; line < this.postingCount; line += 1) {
      const unit = this.#unitNumber(line);
      const at = this.amountAt(line);
      high[unit]! += this.view.getInt32(at);
      low[unit]! += this.view.getUint32(at + 4);
    }
    for (let line = 0; line < this.postingCount; line += 1) {
      const unit = this.#unitNumber(line);
      if (high[unit]! * 2 ** 32 + low[unit]! === 0) continue;
      const sum = (BigInt(high[unit]!) << 32n) + BigInt(low[unit]!);
      return `is off by ${sum} ${this.textAt(this.unit(line))}`;
    }
    return null;
  }

  #unitNumber(line: number): number {
    const [start, end] = [this.#units[line]!, this.#lots[line]!];
    return this.#unitNumbers.add(this.view, start, end);
  }
}

const EMPTY_NAME = 'has an empty name where there is none';

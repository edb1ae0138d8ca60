import { ByteKeys } from '../byte-keys.js';
import { areSameBytes, ByteStrings, viewOf } from '../byte-strings.js';
import { JsonTexts } from '../json-texts.js';
import { AccountKind } from './account-sums.js';
import {
  BinaryRows,
  endOfField,
  isSameField,
  numberAt,
} from './binary-rows.js';
import type { EntryCursor } from './entry-cursor.js';
import { KeyWriter } from './key-writer.js';
import { roomFor } from './room.js';

/** Some 50 MB. */
const MOST_LOTS = 1 << 18;
const LENGTH_BYTES = 4;
const ZERO = '0'.charCodeAt(0);
/** Between 1970 and PostgreSQL's own epoch, 2000, in milliseconds. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
/** Of what has become of a lot: reserved, spent, expired, clawed back. */
const PARTS = 4;

/** The part of a lot that postings to a kind of account tell of; by the kind. */
const PART_OF_KIND: readonly number[] = (() => {
  const parts: number[] = [];
  const { reserved, spent, expired, clawedBack } = AccountKind;
  [reserved, spent, expired, clawedBack].forEach((kind, part) => {
    parts[kind] = part;
  });
  return Array.from({ length: 8 }, (_, kind) => parts[kind] ?? -1);
})();

/**
 * Knows the lots of a shard from its entries, and what has become of them. Tells only whether all is as it was kept:
 * where it is not, or where there is more than is held here, the database is to say what is wrong.
 */
export class LotSums {
  #areLotsRight = true;
  #areUsesRight = true;
  /** Lots as rows of `lot` have them, behind the id. */
  readonly #told = new ByteStrings();
  readonly #lots = new ByteKeys();
  /** By the number of the lot; -1 where no entry granted it. */
  #granted = new Float64Array(1);
  /** By the number of the lot: that of what was told of it; -1 where no entry granted it. */
  #toldAs = new Int32Array(1);
  #parts = new Float64Array(PARTS);
  /** Whether postings used it, and no row of `lot_use` was compared yet. */
  #isWaiting = new Uint8Array(1);
  #waiting = 0;
  /** Rows of `lot`. */
  #kept = 0;
  readonly #key = new KeyWriter();
  readonly #texts = new JsonTexts(['expiresAt', 'program']);
  #lastExpiry = { text: viewOf(Buffer.alloc(0)), micros: Number.NaN };

  /** What the ids of entries of grants begin with. */
  #idAhead = viewOf(Buffer.alloc(0));

  /** @param most lots that are held of a shard */
  constructor(private readonly most = MOST_LOTS) {}

  /** Begins a shard anew, in the same space. */
  begin(shard: number): void {
    this.#idAhead = viewOf(Buffer.from(`grants-${shard}-`));
    this.#areLotsRight = true;
    this.#areUsesRight = true;
    this.#told.clear();
    this.#lots.clear();
    this.#waiting = 0;
    this.#kept = 0;
  }

  /** Takes the next entry of the grants journal. @param kinds of the accounts, by line */
  addGrant(entry: EntryCursor, kinds: Uint8Array): void {
    let isTold = false;
    for (let line = 0; line < entry.postingCount; line += 1) {
      if (kinds[line] !== AccountKind.available) continue;
      if (isTold || !this.#tell(entry, line)) this.#areLotsRight = false;
      isTold = true;
    }
  }

  /** Takes the next entry of the promotions journal, after all of grants. */
  addUse(entry: EntryCursor, kinds: Uint8Array): void {
    const { view } = entry;
    let [lot, lotAt] = [-1, -1];
    for (let line = 0; line < entry.postingCount; line += 1) {
      const at = entry.lotId(line);
      if (view.getInt32(at) < 0) continue;
      // A debt is no use of a lot: what all settled one has made no lot, and may be owed again.
      if (kinds[line] === AccountKind.merchants) continue;
      // Lines come in pairs, for what goes out and what comes in.
      if (lotAt < 0 || !isSameField(view, lotAt, at))
        lot = this.#numberOf(view, at, entry.endOf(at));
      lotAt = at;
      if (this.#isWaiting[lot] === 0) {
        this.#isWaiting[lot] = 1;
        this.#waiting += 1;
      }
      const part = PART_OF_KIND[kinds[line]!]!;
      if (part < 0) continue;
      const sum =
        this.#parts[lot * PARTS + part]! + numberAt(view, entry.amountAt(line));
      if (!Number.isSafeInteger(sum)) this.#areUsesRight = false;
      this.#parts[lot * PARTS + part] = sum;
    }
  }

  /** Takes the next rows of `lot`, after all entries: id, merchant, unit, granted, expiry, program. */
  compareLots(rows: BinaryRows): void {
    while (rows.next()) {
      this.#kept += 1;
      const at = rows.field();
      const lot = this.#lots.find(rows.view, at, rows.at);
      const told = lot < 0 ? -1 : this.#toldAs[lot]!;
      if (told < 0 || !this.#told.is(told, rows.view, rows.at, rows.end))
        this.#areLotsRight = false;
    }
  }

  /** Takes the next rows of `lot_use`, after all of `lot`: id, granted, reserved, spent, expired, clawed back. */
  compareUses(rows: BinaryRows): void {
    while (rows.next()) {
      const at = rows.field();
      const lot = this.#lots.find(rows.view, at, rows.at);
      if (lot < 0) this.#areUsesRight = false;
      else this.#compareUse(lot, rows);
    }
  }

  /** Whether the lots are those that entries granted. */
  areLotsRight(): boolean {
    return this.#areLotsRight && this.#kept === this.#told.size;
  }

  /** Whether what became of lots is what was posted of them, and never more than was granted. */
  areUsesRight(): boolean {
    return this.#areUsesRight && this.areLotsRight() && this.#waiting === 0;
  }

  #compareUse(lot: number, rows: BinaryRows): void {
    const granted = rows.number();
    let rest = granted;
    for (let part = 0; part < PARTS; part += 1) {
      const sum = this.#parts[lot * PARTS + part]!;
      if (rows.number() !== sum || sum < 0) this.#areUsesRight = false;
      rest -= sum;
    }
    if (granted !== this.#granted[lot] || rest < 0) this.#areUsesRight = false;
    this.#waiting -= this.#isWaiting[lot]!;
    this.#isWaiting[lot] = 0;
  }

  /** @returns whether the line makes a lot as such an entry does */
  #tell(entry: EntryCursor, line: number): boolean {
    const { view, merchantId } = entry;
    const [lot, unit] = [entry.lotId(line), entry.unit(line)];
    const amount = numberAt(view, entry.amountAt(line));
    const { starts, ends } = this.#texts;
    const cause = entry.causeText;
    this.#texts.find(view, cause + LENGTH_BYTES, entry.endOf(cause));
    const [expiry, program] = starts as [number, number];
    const micros = this.#microsOf(entry, expiry, ends[0]!);
    if (
      merchantId === null ||
      program < 0 ||
      Number.isNaN(micros) ||
      !Number.isSafeInteger(amount) ||
      !this.#isOwn(entry, lot)
    )
      return false;
    const key = this.#key
      .begin()
      .copy(view, merchantId, entry.endOf(merchantId))
      .copy(view, unit, lot)
      .int8(amount)
      .int8(micros)
      .int4(ends[1]! - program)
      .copy(view, program, ends[1]!);
    const number = this.#numberOf(view, lot, entry.endOf(lot));
    this.#toldAs[number] = this.#told.add(key.view, 0, key.end);
    this.#granted[number] = amount;
    return true;
  }

  /** Whether a lot has the id of the entry. @param at where the id begins */
  #isOwn({ view, sequence }: EntryCursor, at: number): boolean {
    const ahead = this.#idAhead;
    const end = endOfField(view, at);
    const digits = at + LENGTH_BYTES + ahead.byteLength;
    return (
      digits < end &&
      areSameBytes(ahead, 0, ahead.byteLength, view, at + LENGTH_BYTES) &&
      decimalAt(view, digits, end) === Number(sequence)
    );
  }

  #numberOf(view: DataView, start: number, end: number): number {
    const size = this.#lots.size;
    const lot = this.#lots.add(view, start, end);
    if (this.#lots.size === size) return lot;
    if (size === this.most) {
      this.#giveUp();
      return this.#numberOf(view, start, end);
    }
    this.#granted = roomFor(this.#granted, lot + 1);
    this.#toldAs = roomFor(this.#toldAs, lot + 1);
    this.#parts = roomFor(this.#parts, PARTS * (lot + 1));
    this.#isWaiting = roomFor(this.#isWaiting, lot + 1);
    this.#granted[lot] = -1;
    this.#toldAs[lot] = -1;
    this.#parts.fill(0, PARTS * lot, PARTS * (lot + 1));
    this.#isWaiting[lot] = 0;
    return lot;
  }

  #giveUp(): void {
    this.#areLotsRight = false;
    this.#told.clear();
    this.#lots.clear();
  }

  /**
   * Since PostgreSQL's epoch, as `lot` has it; NaN where it is no time as causes have them. Nearly always the same as
   * for the last lot.
   */
  #microsOf(entry: EntryCursor, start: number, end: number): number {
    if (start < 0) return Number.NaN;
    const last = this.#lastExpiry;
    const length = end - start;
    if (
      last.text.byteLength !== length ||
      !areSameBytes(last.text, 0, length, entry.view, start)
    ) {
      const text = entry.textBetween(start, end);
      last.text = viewOf(Buffer.from(text));
      last.micros = microsOf(text);
    }
    return last.micros;
  }
}

/** Since PostgreSQL's epoch; NaN where it is no time as causes have them. */
function microsOf(text: string): number {
  const ms = Date.parse(text);
  const isWhole = !Number.isNaN(ms) && new Date(ms).toISOString() === text;
  return isWhole ? (ms - POSTGRES_EPOCH_MS) * 1_000 : Number.NaN;
}

/** A number as JavaScript would write it; NaN where it is another text, or none that a double holds. */
function decimalAt(view: DataView, start: number, end: number): number {
  if (view.getUint8(start) === ZERO) return Number.NaN;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = view.getUint8(at) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

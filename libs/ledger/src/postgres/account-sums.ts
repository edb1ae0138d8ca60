import { accountClassOf, isFunding } from '../account.js';
import { ByteKeys } from '../byte-keys.js';
import { viewOf } from '../byte-strings.js';
import type { ShardBalanceVerifier } from '../verify-balances.js';
import { BinaryRows, numberAt } from './binary-rows.js';
import type { EntryCursor } from './entry-cursor.js';
import { KeyWriter } from './key-writer.js';
import { roomFor } from './room.js';

/** Some 50 MB. */
const MOST_KEYS = 1 << 18;
const LENGTH_BYTES = 4;
const MERCHANT = viewOf(Buffer.from('merchant:'));
const COLON = viewOf(Buffer.from(':'));

/** What an account is, as far as sums are kept by it. */
export const AccountKind = {
  funding: 0,
  merchants: 1,
  available: 2,
  reserved: 3,
  shared: 4,
  spent: 5,
  expired: 6,
  clawedBack: 7,
} as const;

/**
 * Follows the running balance of every account of a shard's journal, and sums what its merchants have and what was
 * used for them. Tells only whether all is as it was kept: where it is not, or where there are more accounts than are
 * held here or amounts that no double holds, the database is to say what is wrong.
 */
export class AccountSums {
  /** Of the lines of the entry that was added last. */
  kinds = new Uint8Array(16);
  #isRight = true;
  /** By account and unit, as a posting has them. */
  readonly #accounts = new ByteKeys();
  #balances = new Float64Array(1);
  #classes = new Int32Array(1);
  /** Classes in a unit: as many as programs. By their number, where they are summed and what they are. */
  readonly #classKeys = new ByteKeys();
  readonly #sumOfClass: number[] = [];
  readonly #kindOfClass: number[] = [];
  /** By shared account, unit and merchant. */
  readonly #uses = new ByteKeys();
  #used = new Float64Array(1);
  readonly #key = new KeyWriter();

  #ofShard!: ShardBalanceVerifier;

  /** @param most accounts, and uses of shared accounts by a merchant, that are held of a journal of a shard */
  constructor(private readonly most = MOST_KEYS) {}

  /** Begins a journal of a shard anew, in the same space. @param ofShard gets the sums of classes */
  begin(ofShard: ShardBalanceVerifier): void {
    this.#ofShard = ofShard;
    this.#isRight = true;
    this.#accounts.clear();
    this.#uses.clear();
    this.#classKeys.clear();
    this.#sumOfClass.length = 0;
    this.#kindOfClass.length = 0;
  }

  /** Takes the next entry. */
  add(entry: EntryCursor): void {
    const { view, postingCount, merchantId } = entry;
    this.kinds = roomFor(this.kinds, postingCount);
    for (let line = 0; line < postingCount; line += 1) {
      const number = this.#numberOf(entry, line);
      const at = entry.amountAt(line);
      const amount = numberAt(view, at);
      const balance = entry.balance(line);
      if (this.#balances[number]! + amount !== balance) this.#isRight = false;
      if (!Number.isSafeInteger(amount) || !Number.isSafeInteger(balance))
        this.#isRight = false;
      this.#balances[number] = balance;
      const ofClass = this.#classes[number]!;
      this.#ofShard.add(
        this.#sumOfClass[ofClass]!,
        view.getInt32(at),
        view.getUint32(at + 4),
      );
      const kind = this.#kindOfClass[ofClass]!;
      this.kinds[line] = kind;
      if (kind >= AccountKind.shared && merchantId !== null)
        this.#use(entry, line, amount);
    }
  }

  /**
   * Compares with what is kept of merchants in this journal, after the last entry: takes it off, so that nothing is to
   * be left over.
   *
   * @param rows of merchant, account, unit and amount
   */
  takeOff(rows: BinaryRows): void {
    while (rows.next()) {
      const merchant = rows.field();
      const account = rows.field();
      const unit = rows.field();
      const amountAt = rows.field();
      const amount = numberAt(rows.view, amountAt + LENGTH_BYTES);
      const own = this.#findOwn(rows, merchant, account, unit, amountAt);
      if (own >= 0) {
        this.#balances[own]! -= amount;
        continue;
      }
      const { view, end } = this.#key
        .begin()
        .copy(rows.view, account, amountAt)
        .copy(rows.view, merchant, account);
      const use = this.#uses.find(view, 0, end);
      if (use >= 0) this.#used[use]! -= amount;
      else if (amount !== 0) this.#isRight = false;
    }
  }

  /** Whether every running balance is the sum of its postings, and nothing but that was kept of merchants. */
  isRight(): boolean {
    for (let account = 0; account < this.#accounts.size; account += 1)
      if (this.#balances[account] !== 0 && this.#isOwn(account)) return false;
    for (let use = 0; use < this.#uses.size; use += 1)
      if (this.#used[use] !== 0) return false;
    return this.#isRight;
  }

  #isOwn(account: number): boolean {
    const kind = this.#kindOfClass[this.#classes[account]!]!;
    return kind >= AccountKind.merchants && kind < AccountKind.shared;
  }

  #numberOf(entry: EntryCursor, line: number): number {
    const accounts = this.#accounts;
    const account = entry.account(line);
    const size = accounts.size;
    const number = accounts.add(entry.view, account, entry.lotId(line));
    if (accounts.size === size) return number;
    if (size === this.most) {
      this.#giveUp();
      return this.#numberOf(entry, line);
    }
    this.#balances = roomFor(this.#balances, number + 1);
    this.#classes = roomFor(this.#classes, number + 1);
    this.#balances[number] = 0;
    this.#classes[number] = this.#classOf(entry, line);
    return number;
  }

  /** The number of the account's class in its unit. */
  #classOf(entry: EntryCursor, line: number): number {
    const { view } = entry;
    const [account, unit] = [entry.account(line), entry.unit(line)];
    // A class is a merchant's own where it is looked for from the colon on; of all, with its length.
    const start = startsWith(view, account + LENGTH_BYTES, MERCHANT)
      ? lastColon(view, unit)
      : account;
    const size = this.#classKeys.size;
    const known = this.#classKeys.add(view, start, entry.lotId(line));
    if (this.#classKeys.size > size) {
      const name = entry.textAt(account);
      const ofClass = accountClassOf(name);
      this.#kindOfClass.push(kindOf(name, ofClass));
      this.#sumOfClass.push(
        this.#ofShard.numberOf(ofClass, entry.textAt(unit)),
      );
    }
    return known;
  }

  #use(entry: EntryCursor, line: number, amount: number): void {
    const merchantId = entry.merchantId!;
    const { view, end } = this.#key
      .begin()
      .copy(entry.view, entry.account(line), entry.lotId(line))
      .copy(entry.view, merchantId, entry.endOf(merchantId));
    const size = this.#uses.size;
    const use = this.#uses.add(view, 0, end);
    if (this.#uses.size > size) {
      if (size === this.most) return this.#giveUp();
      this.#used = roomFor(this.#used, use + 1);
      this.#used[use] = 0;
    }
    this.#used[use]! += amount;
    if (!Number.isSafeInteger(this.#used[use])) this.#isRight = false;
  }

  #giveUp(): void {
    this.#isRight = false;
    this.#accounts.clear();
    this.#uses.clear();
  }

  /** An account of the merchant's own by its merchant and class, among the accounts that postings name in full. */
  #findOwn(
    { view: source }: BinaryRows,
    merchant: number,
    account: number,
    unit: number,
    endOfUnit: number,
  ): number {
    // The class of a merchant's own account has no colon.
    for (let at = account + LENGTH_BYTES; at < unit; at += 1)
      if (source.getUint8(at) === COLON.getUint8(0)) return -1;
    const length =
      MERCHANT.byteLength +
      source.getInt32(merchant) +
      COLON.byteLength +
      source.getInt32(account);
    const { view, end } = this.#key
      .begin()
      .int4(length)
      .copy(MERCHANT, 0, MERCHANT.byteLength)
      .copy(source, merchant + LENGTH_BYTES, account)
      .copy(COLON, 0, COLON.byteLength)
      .copy(source, account + LENGTH_BYTES, endOfUnit);
    return this.#accounts.find(view, 0, end);
  }
}

function startsWith(view: DataView, at: number, start: DataView): boolean {
  if (at + start.byteLength > view.byteLength) return false;
  for (let i = 0; i < start.byteLength; i += 1)
    if (view.getUint8(at + i) !== start.getUint8(i)) return false;
  return true;
}

/** @param end of a text that has one */
function lastColon(view: DataView, end: number): number {
  let at = end - 1;
  while (view.getUint8(at) !== COLON.getUint8(0)) at -= 1;
  return at;
}

function kindOf(name: string, ofClass: string): number {
  if (name.startsWith('merchant:')) {
    if (ofClass === 'available') return AccountKind.available;
    return ofClass === 'reserved'
      ? AccountKind.reserved
      : AccountKind.merchants;
  }
  if (isFunding(name)) return AccountKind.funding;
  if (name.startsWith('spent:')) return AccountKind.spent;
  if (name.startsWith('expired:')) return AccountKind.expired;
  return name.startsWith('clawed_back:')
    ? AccountKind.clawedBack
    : AccountKind.shared;
}

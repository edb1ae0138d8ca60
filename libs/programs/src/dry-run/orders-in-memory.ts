import { CHANNELS } from '@app/contracts';
import { LateSubject, type Subject } from '../count/late-subject.js';
import type { OrderRecord } from '../count/subject-order.js';

/**
 * The orders of all merchants, by merchant and identifier. There are more of them than of anything else, and nearly all
 * were paid once and are no more than that: such an order is a row of columns, a third as large as an object and no
 * work for the garbage collector. Memory grows with the orders, by 50 to 100 bytes each beside the identifiers.
 */
export class OrdersInMemory {
  /** By hash, open addressing: an order's hash beside its number from 1 on, 0 where there is none. At most half full. */
  #slots = new Int32Array(2 * FIRST_CAPACITY * SLOT_FIELDS);
  #count = 0;
  /** What is looked for is put down next, most often. */
  #last = { merchant: -1, id: '', hash: 0, slot: 0 };
  // By number. What is asked for one after the other stands side by side.
  readonly #ids: string[] = [''];
  readonly #sessionIds: (string | null)[] = [null];
  #merchants = new Int32Array(FIRST_CAPACITY);
  /** NaN where the order is among {@link #others}. */
  #paidAtMs = new Float64Array(FIRST_CAPACITY);
  #amountsMinor = new Float64Array(FIRST_CAPACITY);
  /** Places in {@link CHANNELS}. */
  #channels = new Uint8Array(FIRST_CAPACITY);
  /** By number: those that are more than paid once. */
  readonly #others = new Map<number, Subject>();

  /** @param merchant its number, an integer from 0 to 2^31 - 1 */
  get(merchant: number, id: string): Subject | undefined {
    const number = this.#slots[this.#slotOf(merchant, id) + NUMBER]!;
    return number === 0 ? undefined : this.#at(number);
  }

  /** @param merchant its number, an integer from 0 to 2^31 - 1 */
  set(merchant: number, id: string, order: Subject): void {
    const slot = this.#slotOf(merchant, id);
    const number = this.#slots[slot + NUMBER]! || this.#add(slot, merchant, id);
    this.#put(number, order);
  }

  /** Changes all of them. */
  replaceAll(change: (order: Subject) => Subject): void {
    for (let number = 1; number <= this.#count; number++)
      this.#put(number, change(this.#at(number)!));
  }

  #at(number: number): Subject | undefined {
    const paidAtMs = this.#paidAtMs[number]!;
    if (Number.isNaN(paidAtMs)) return this.#others.get(number);
    return {
      paidAtMs,
      channel: CHANNELS[this.#channels[number]!]!,
      sessionId: this.#sessionIds[number]!,
      amountMinor: this.#amountsMinor[number]!,
      refundedMinor: 0,
      firstRefundAtMs: null,
      isFlagged: false,
    };
  }

  #put(number: number, order: Subject): void {
    if (isPaidOnly(order)) {
      if (Number.isNaN(this.#paidAtMs[number])) this.#others.delete(number);
      this.#paidAtMs[number] = order.paidAtMs!;
      this.#channels[number] = CHANNELS.indexOf(order.channel!);
      this.#sessionIds[number] = order.sessionId;
      this.#amountsMinor[number] = Number(order.amountMinor);
    } else {
      this.#paidAtMs[number] = NaN;
      this.#others.set(number, order);
    }
  }

  /** Where the order is, or where it is to be put. */
  #slotOf(merchant: number, id: string): number {
    const known = this.#last;
    if (id === known.id && merchant === known.merchant) return known.slot;
    const slots = this.#slots;
    const hash = hashOf(merchant, id);
    const last = slots.length - SLOT_FIELDS;
    let slot = (hash * SLOT_FIELDS) & last;
    for (; slots[slot + NUMBER] !== 0; slot = (slot + SLOT_FIELDS) & last) {
      if (slots[slot] !== hash) continue;
      const number = slots[slot + NUMBER]!;
      if (this.#ids[number] === id && this.#merchants[number] === merchant)
        break;
    }
    known.merchant = merchant;
    known.id = id;
    known.hash = hash;
    known.slot = slot;
    return slot;
  }

  #add(slot: number, merchant: number, id: string): number {
    const number = (this.#count += 1);
    this.#slots[slot] = this.#last.hash;
    this.#slots[slot + NUMBER] = number;
    this.#ids.push(id);
    this.#sessionIds.push(null);
    if (number === this.#merchants.length) this.#grow();
    this.#merchants[number] = merchant;
    return number;
  }

  #grow(): void {
    const capacity = 2 * this.#merchants.length;
    this.#merchants = grown(this.#merchants, new Int32Array(capacity));
    this.#paidAtMs = grown(this.#paidAtMs, new Float64Array(capacity));
    this.#amountsMinor = grown(this.#amountsMinor, new Float64Array(capacity));
    this.#channels = grown(this.#channels, new Uint8Array(capacity));
    const before = this.#slots;
    const slots = new Int32Array(2 * capacity * SLOT_FIELDS);
    const last = slots.length - SLOT_FIELDS;
    for (let from = 0; from < before.length; from += SLOT_FIELDS) {
      if (before[from + NUMBER] === 0) continue;
      let slot = (before[from]! * SLOT_FIELDS) & last;
      while (slots[slot + NUMBER] !== 0) slot = (slot + SLOT_FIELDS) & last;
      slots[slot] = before[from]!;
      slots[slot + NUMBER] = before[from + NUMBER]!;
    }
    this.#slots = slots;
    this.#last.merchant = -1;
  }
}

/** A power of two. */
const FIRST_CAPACITY = 1_024;
/** A slot has a hash, and behind it a number. */
const SLOT_FIELDS = 2;
const NUMBER = 1;

/** Whether an order was paid and is no more than that, in numbers that a column holds. */
function isPaidOnly(order: Subject): order is OrderRecord {
  if (order instanceof LateSubject) return false;
  const { paidAtMs, amountMinor, refundedMinor, firstRefundAtMs, isFlagged } =
    order as OrderRecord;
  return (
    paidAtMs !== null &&
    typeof amountMinor === 'number' &&
    refundedMinor === 0 &&
    firstRefundAtMs === null &&
    !isFlagged
  );
}

/** FNV-1a (Fowler, Noll, Vo), by UTF-16 code unit, from the merchant on, and its upper bits folded into the lower. */
function hashOf(merchant: number, id: string): number {
  let hash = Math.imul(OFFSET_BASIS ^ merchant, PRIME);
  for (let i = 0; i < id.length; i++)
    hash = Math.imul(hash ^ id.charCodeAt(i), PRIME);
  return hash ^ (hash >>> 15);
}

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

function grown<Column extends Int32Array | Float64Array | Uint8Array>(
  from: Column,
  to: Column,
): Column {
  to.set(from);
  return to;
}

import type { Unit } from '@app/contracts';
import { sumByUnit } from './balances.js';

/**
 * A grant at a moment: what had become of it. Amounts in minor units; `granted` is the sum of the others. Cash has no
 * lots.
 */
export interface LotAsOf {
  /** Of the entry that granted it, too. */
  lotId: string;
  /** Of the entry that granted it, in the grants journal. */
  sequence: bigint;
  unit: Unit;
  program: string;
  expiresAt: Date;
  granted: bigint;
  available: bigint;
  reserved: bigint;
  spent: bigint;
  expired: bigint;
  clawedBack: bigint;
}

/** What the merchant still has of a lot. */
export function leftOf({ available, reserved }: LotAsOf): bigint {
  return available + reserved;
}

/** Whether something is left of a lot. */
export function isOpen(lot: LotAsOf): boolean {
  return leftOf(lot) !== 0n;
}

/** Which lot of a list a page ended with: the first of the others comes next. */
export type LotCursor =
  | { open: true; expiresAtMs: number; lotId: string }
  | { open: false; sequence: bigint };

export function cursorOf(lot: LotAsOf): LotCursor {
  return isOpen(lot)
    ? { open: true, expiresAtMs: lot.expiresAt.getTime(), lotId: lot.lotId }
    : { open: false, sequence: lot.sequence };
}

/** Open lots in the order in which they expire, from the cursor on. */
export function openLotsAfter(
  lots: readonly LotAsOf[],
  cursor: LotCursor | null,
): LotAsOf[] {
  const open = lots.filter(isOpen).sort(byExpiry);
  if (!cursor) return open;
  if (!cursor.open) return [];
  const { expiresAtMs, lotId } = cursor;
  const last = { expiresAt: new Date(expiresAtMs), lotId };
  return open.filter((lot) => byExpiry(lot, last) > 0);
}

type Expiring = Pick<LotAsOf, 'expiresAt' | 'lotId'>;

function byExpiry(a: Expiring, b: Expiring): number {
  const apartMs = a.expiresAt.getTime() - b.expiresAt.getTime();
  if (apartMs !== 0) return apartMs;
  return a.lotId < b.lotId ? -1 : a.lotId > b.lotId ? 1 : 0;
}

/**
 * Watches lots go by until what is left of them is all that the merchant has: then no other lot is open, and nobody
 * need look at those of years ago.
 */
export class OpenLotSearch {
  readonly #missing: Map<Unit, bigint>;

  /** @param balances of the merchant, at the moment that the lots are told of; those of other accounts are left out */
  constructor(
    balances: readonly { account: string; unit: Unit; amount: bigint }[],
  ) {
    this.#missing = sumByUnit(
      balances.filter(
        ({ account }) => account === 'available' || account === 'reserved',
      ),
    );
  }

  /** @param left what the merchant still has of the lot */
  see(unit: Unit, left: bigint): void {
    this.#missing.set(unit, (this.#missing.get(unit) ?? 0n) - left);
  }

  get isDone(): boolean {
    return [...this.#missing.values()].every((amount) => amount === 0n);
  }
}

import type { Unit } from '@app/contracts';
import type { MerchantAccountClass } from '../account.js';
import type { EntryKind, Journal } from '../entry.js';
import type { AccountBalance } from './balances.js';
import type { Cut } from './cut.js';

/** A line of a statement: what one posting moved, and what the account had then, over both journals. */
export interface StatementLine {
  entryId: string;
  journal: Journal;
  sequence: bigint;
  line: number;
  kind: EntryKind;
  occurredAt: Date;
  recordedAt: Date;
  account: MerchantAccountClass;
  unit: Unit;
  amount: bigint;
  balance: bigint;
  lotId: string | null;
}

/** Where a page of a statement ended: what of each journal has been told, and when the last of it was recorded. */
export interface StatementCursor {
  grants: bigint;
  promotions: bigint;
  recordedAtMs: number;
}

/** A page of what moved on a merchant's accounts between two cuts, and what they had at either. */
export interface Statement {
  merchantId: string;
  from: Cut;
  to: Cut;
  opening: AccountBalance[];
  /** In order of recording; of one instant, grants first. An entry's lines are never parted by a page. */
  lines: StatementLine[];
  closing: AccountBalance[];
  /** For the next page; null after the last one. */
  next: StatementCursor | null;
}

/** Puts beside each line what its account has after it. @param before what the accounts had ahead of the first */
export function withBalances(
  before: readonly AccountBalance[],
  lines: readonly Omit<StatementLine, 'balance'>[],
): StatementLine[] {
  const balances = new Map(
    before.map(({ account, unit, amount }) => [`${account} ${unit}`, amount]),
  );
  return lines.map((line) => {
    const key = `${line.account} ${line.unit}`;
    const balance = (balances.get(key) ?? 0n) + line.amount;
    balances.set(key, balance);
    return { ...line, balance };
  });
}

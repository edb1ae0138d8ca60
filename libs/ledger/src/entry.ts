import type { Unit } from '@app/contracts';
import type { AccountClass } from './account.js';
import type { Cause } from './cause.js';

/** The two journals of a shard, each with one writer. */
export const JOURNALS = ['grants', 'promotions'] as const;
export type Journal = (typeof JOURNALS)[number];

export type EntryKind =
  | 'budget'
  | 'lease'
  | 'grant'
  | 'reserve'
  | 'deliver'
  | 'release'
  | 'expire'
  | 'clawback'
  | 'switch_on'
  | 'switch_off'
  | 'adjustment'
  | 'payout';

/** One line of an entry. Positive amounts come in, negative ones go out; minor units, within int8. */
export interface Posting {
  account: AccountClass;
  unit: Unit;
  amount: bigint;
  /** The lot that the amount is part of; null where there are no lots (budgets). */
  lotId: string | null;
}

/** An entry before it has its place in a journal. */
export interface EntryDraft {
  kind: EntryKind;
  /** Whose accounts the merchant classes among the postings are; null for the platform's own. */
  merchantId: string | null;
  /** When the fact happened, by the clock of the input that caused it: milliseconds since the epoch. */
  occurredAtMs: number;
  postings: readonly Posting[];
  cause: Cause;
}

/** An entry in its place. */
export interface Entry extends EntryDraft {
  shard: number;
  journal: Journal;
  /** 1, 2, 3, … within (journal, shard), without gaps. */
  sequence: bigint;
  /** When it was written, by the writer's clock, and never before the entry ahead: milliseconds since the epoch. */
  recordedAtMs: number;
  /** The cause as canonical JSON (RFC 8785): what is hashed and kept. */
  causeText: string;
  /** SHA-256 over the hash ahead of it and the canonical bytes of this entry. */
  hash: Buffer;
}

/** A posting as it is stored: on a line of the entry, its account by its full name. */
export interface StoredPosting extends Omit<Posting, 'account'> {
  /** 0, 1, 2, … within the entry. */
  line: number;
  account: string;
  /** Of the account in this unit, in this journal and shard, after this line. */
  balance: bigint;
}

/** An entry as it is stored, and may have been changed there. */
export interface StoredEntry extends Omit<Entry, 'postings' | 'cause'> {
  postings: readonly StoredPosting[];
}

/** The address of an entry, and the name of the lot or promotion order that it makes. */
export function entryId(
  journal: Journal,
  shard: number,
  sequence: bigint,
): string {
  return `${journal}-${shard}-${sequence}`;
}

/**
 * Two postings that move `amount` of a unit between accounts: the only way to make postings, so that
 * what leaves one account arrives on another.
 *
 * @throws RangeError where the amount is not positive or would not fit an int8
 */
export function move(
  unit: Unit,
  amount: bigint,
  from: AccountClass,
  to: AccountClass,
  lotId: string | null = null,
): [Posting, Posting] {
  if (amount <= 0n || amount > MAX_AMOUNT)
    throw new RangeError(`cannot move ${amount} ${unit} from ${from} to ${to}`);
  return [
    { account: from, unit, amount: -amount, lotId },
    { account: to, unit, amount, lotId },
  ];
}

/** The largest amount that the ledger keeps in one posting: that of PostgreSQL's bigint. */
export const MAX_AMOUNT = 2n ** 63n - 1n;

/** @throws Error where the postings do not sum to zero in each unit */
export function assertBalanced(entry: EntryDraft): void {
  const sums = new Map<Unit, bigint>();
  for (const { unit, amount } of entry.postings)
    sums.set(unit, (sums.get(unit) ?? 0n) + amount);
  for (const [unit, sum] of sums) {
    if (sum !== 0n)
      throw new Error(`${entry.kind} entry is off by ${sum} ${unit}`);
  }
}

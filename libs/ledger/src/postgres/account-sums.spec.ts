import fc from 'fast-check';
import type { Unit } from '@app/contracts';
import { anyDraft, grantOf } from '../../test/entries.js';
import { int8, row, text, toStoredRows } from '../../test/stored-rows.js';
import { storeAll } from '../../test/stored.js';
import { accountClassOf } from '../account.js';
import { move, type EntryDraft, type StoredEntry } from '../entry.js';
import { ShardBalanceVerifier } from '../verify-balances.js';
import { AccountSums } from './account-sums.js';
import { BinaryRows } from './binary-rows.js';
import { EntryCursor } from './entry-cursor.js';

const PLACE = { journal: 'promotions', shard: 3 } as const;

/** A row of `merchant_balance`. */
interface Kept {
  merchant: string;
  account: string;
  unit: string;
  amount: bigint;
}

const anyJournal = fc
  .array(anyDraft, { maxLength: 12 })
  .map((drafts) => storeAll(PLACE, drafts.map(withSmallAmounts)));
const anyJournalOfSome = anyJournal.filter(
  (entries) => keptOf(entries).length > 0,
);

describe('summing what is posted to accounts', () => {
  it('knows that running balances and balances of merchants are right', () => {
    fc.assert(
      fc.property(anyJournal, (entries) => {
        expect(isRight(entries, keptOf(entries))).toBe(true);
      }),
    );
  });

  it('does not take for right where a balance of a merchant is another, or missing', () => {
    fc.assert(
      fc.property(anyJournalOfSome, fc.nat(), (entries, pick) => {
        const kept = keptOf(entries);
        const at = pick % kept.length;
        const wrong = kept[at]!;
        const other = { ...wrong, amount: wrong.amount + 1n };
        expect(isRight(entries, kept.with(at, other))).toBe(false);
        expect(isRight(entries, kept.toSpliced(at, 1))).toBe(
          wrong.amount === 0n,
        );
      }),
    );
  });

  it('does not take for right where a merchant has a balance that nobody posted', () => {
    fc.assert(
      fc.property(
        anyJournal,
        fc.constantFrom('available', 'spent:live'),
        (entries, account) => {
          const none = { merchant: 'm9', account, unit: 'CNY', amount: 1n };
          expect(isRight(entries, [...keptOf(entries), none])).toBe(false);
        },
      ),
    );
  });

  it('does not take for right where a running balance is another', () => {
    fc.assert(
      fc.property(anyJournalOfSome, fc.nat(), (entries, pick) => {
        const lines = entries.flatMap(({ postings }) => postings);
        lines[pick % lines.length]!.balance += 1n;
        expect(isRight(entries, keptOf(entries))).toBe(false);
      }),
    );
  });

  it('leaves what no double holds to the database', () => {
    const entries = storeAll(PLACE, [grantOf(2n ** 53n)]);
    expect(isRight(entries, keptOf(entries))).toBe(false);
  });

  it('leaves more accounts than it may hold to the database, and goes on summing the shard', () => {
    const grants = ['m1', 'm2', 'm3'].map((id) => grantOf(5n, id));
    const entries = storeAll(PLACE, grants);
    // The pool, and what each merchant has.
    expect(isRight(entries, keptOf(entries), 4)).toBe(true);
    const { accounts, ofShard } = summed(entries, 3);
    accounts.takeOff(rowsOf(keptOf(entries)));
    expect(accounts.isRight()).toBe(false);
    const kept = [
      { account: 'pool:ladder', unit: 'ANY_IMP' as Unit, amount: -15n },
      { account: 'available', unit: 'ANY_IMP' as Unit, amount: 15n },
    ];
    expect([...ofShard.end(kept)]).toEqual([]);
  });

  it('leaves more uses of a shared account than it may hold to the database', () => {
    const spends = ['m1', 'm2', 'm3'].map((merchantId) => ({
      ...grantOf(5n, merchantId),
      postings: move('ANY_IMP', 5n, 'issuance', 'spent:live'),
    }));
    const entries = storeAll(PLACE, spends);
    expect(isRight(entries, keptOf(entries), 3)).toBe(true);
    expect(isRight(entries, keptOf(entries), 2)).toBe(false);
  });

  it('begins a journal anew, with nothing of the one before', () => {
    fc.assert(
      fc.property(anyJournal, anyJournal, (before, entries) => {
        const accounts = new AccountSums(5);
        for (const journal of [before, entries]) add(accounts, journal);
        accounts.takeOff(rowsOf(keptOf(entries)));
        const alone = summed(entries, 5).accounts;
        alone.takeOff(rowsOf(keptOf(entries)));
        expect(accounts.isRight()).toBe(alone.isRight());
      }),
    );
  });
});

function isRight(
  entries: StoredEntry[],
  kept: readonly Kept[],
  most?: number,
): boolean {
  const { accounts } = summed(entries, most);
  accounts.takeOff(rowsOf(kept));
  return accounts.isRight();
}

function summed(entries: StoredEntry[], most?: number) {
  const accounts = new AccountSums(most);
  return { accounts, ofShard: add(accounts, entries) };
}

function add(accounts: AccountSums, entries: StoredEntry[]) {
  const ofShard = new ShardBalanceVerifier(PLACE.journal, PLACE.shard);
  accounts.begin(ofShard);
  const cursor = new EntryCursor(PLACE, () => undefined);
  for (cursor.load(toStoredRows(entries)); cursor.next();) accounts.add(cursor);
  return ofShard;
}

/** What is kept of merchants: what they have, and what was used for them. */
function keptOf(entries: readonly StoredEntry[]): Kept[] {
  const kept = new Map<string, Kept>();
  for (const { merchantId, postings } of entries)
    for (const { account: name, unit, amount } of postings) {
      const account = accountClassOf(name);
      if (account === 'issuance' || account.startsWith('pool:')) continue;
      const key = JSON.stringify([merchantId, account, unit]);
      const ahead = kept.get(key)?.amount ?? 0n;
      const sum = { amount: ahead + amount, unit, account };
      kept.set(key, { merchant: merchantId!, ...sum });
    }
  return [...kept.values()];
}

function rowsOf(kept: readonly Kept[]): BinaryRows {
  const rows = kept.map(({ merchant, account, unit, amount }) =>
    row(text(merchant), text(account), text(unit), int8(amount)),
  );
  return new BinaryRows(Buffer.concat(rows));
}

/** So that their sums are exact as doubles. */
function withSmallAmounts(draft: EntryDraft): EntryDraft {
  const postings = draft.postings.map((posting) => ({
    ...posting,
    amount: posting.amount % 2n ** 40n,
  }));
  return { ...draft, postings };
}

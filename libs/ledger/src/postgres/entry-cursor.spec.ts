import fc from 'fast-check';
import { anyDraft, NOW_MS } from '../../test/entries.js';
import { toStoredRows } from '../../test/stored-rows.js';
import { accountName } from '../account.js';
import { appendToChain, EMPTY_CHAIN } from '../chain.js';
import { encodeEntry } from '../encoding.js';
import type { Entry, StoredEntry } from '../entry.js';
import { EntryCursor } from './entry-cursor.js';

const PLACE = { journal: 'grants', shard: 3 } as const;

describe('going along entries as they are stored', () => {
  it('makes the same bytes and hashes as they were written with', () => {
    fc.assert(
      fc.property(fc.array(anyDraft), fc.nat(), (drafts, cut) => {
        const { entries } = appendToChain(
          PLACE.journal,
          PLACE.shard,
          EMPTY_CHAIN,
          drafts,
          NOW_MS,
        );
        const at = cut % (entries.length + 1);
        const made: { bytes: Buffer; hash: string; stored: string }[] = [];
        const cursor = new EntryCursor(PLACE, neverCalled);
        let previous = EMPTY_CHAIN.hash.toString('latin1');
        for (const page of [entries.slice(0, at), entries.slice(at)])
          for (cursor.load(toStoredRows(page.map(stored))); cursor.next();) {
            cursor.encode();
            const hash = cursor.hashBehind(previous);
            const bytes = Buffer.from(cursor.encoded());
            made.push({ bytes, hash, stored: cursor.hash });
            previous = hash;
          }
        expect(made).toEqual(
          entries.map((entry) => ({
            bytes: encodeEntry(entry),
            hash: entry.hash.toString('latin1'),
            stored: entry.hash.toString('latin1'),
          })),
        );
      }),
    );
  });

  it('passes on postings that have no entry', () => {
    const { entries } = appendToChain(
      PLACE.journal,
      PLACE.shard,
      EMPTY_CHAIN,
      fc.sample(
        anyDraft.filter(({ postings }) => postings.length > 0),
        5,
      ),
      NOW_MS,
    );
    const all = toStoredRows(entries.map(stored));
    const some = toStoredRows([entries[1]!, entries[3]!].map(stored));
    const orphans = new Set<bigint>();
    const cursor = new EntryCursor(PLACE, (sequence) => orphans.add(sequence));
    const kept: bigint[] = [];
    const bytes = Buffer.concat([
      some.bytes.subarray(0, some.postingsAt),
      all.bytes.subarray(all.postingsAt),
    ]);
    cursor.load({ ...all, bytes, postingsAt: some.postingsAt });
    while (cursor.next()) kept.push(cursor.sequence);
    expect(kept).toEqual([2n, 4n]);
    expect([...orphans]).toEqual([1n, 3n, 5n]);
  });
});

function stored(entry: Entry): StoredEntry {
  const postings = entry.postings.map((posting, line) => ({
    ...posting,
    line,
    balance: posting.amount,
    account: accountName(posting.account, entry.merchantId),
  }));
  return { ...entry, postings };
}

function neverCalled(): never {
  throw new Error('a posting without an entry');
}

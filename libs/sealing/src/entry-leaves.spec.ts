import {
  appendToChain,
  chainHash,
  EMPTY_CHAIN,
  encodeEntry,
  type Entry,
} from '@app/ledger';
import { grantOf } from '../../ledger/test/entries.js';
import { EntryLeaves, type LeafSource } from './entry-leaves.js';

const { entries, tip } = appendToChain(
  'grants',
  3,
  EMPTY_CHAIN,
  [grantOf(1n), grantOf(2n), grantOf(3n)],
  1_000,
);

function stored(entry: Entry): LeafSource {
  return {
    sequence: entry.sequence,
    hash: entry.hash.toString('latin1'),
    hashBehind: (previous) =>
      chainHash(Buffer.from(previous, 'latin1'), entry).toString('latin1'),
    encoded: () => encodeEntry(entry),
  };
}

describe('the leaves of entries', () => {
  it('are their canonical bytes, in the order of the journal', () => {
    const leaves = new EntryLeaves('grants', 3, EMPTY_CHAIN);
    expect(entries.map((entry) => leaves.next(stored(entry)))).toEqual(
      entries.map(encodeEntry),
    );
    leaves.assertAt(tip);
    expect(leaves.last.sequence).toBe(3n);
  });

  it('go on from any entry', () => {
    const leaves = new EntryLeaves('grants', 3, entries[1]!);
    leaves.next(stored(entries[2]!));
    expect(leaves.last.hash).toEqual(tip.hash);
  });

  it('name an entry that is missing, or was changed', () => {
    const leaves = new EntryLeaves('grants', 3, EMPTY_CHAIN);
    expect(() => leaves.next(stored(entries[1]!))).toThrow(
      'grants-3-1 is missing',
    );
    leaves.next(stored(entries[0]!));
    expect(() =>
      leaves.next(stored({ ...entries[1]!, merchantId: 'm2' })),
    ).toThrow('grants-3-2 was changed');
    expect(() => leaves.assertAt(tip)).toThrow('grants-3-2 is missing');
    expect(() => leaves.assertAt({ sequence: 1n, hash: tip.hash })).toThrow(
      'grants-3-1 was changed',
    );
  });

  it('are no longer than the log takes', () => {
    const long = grantOf(1n, 'm'.repeat(40_000));
    const { entries: made } = appendToChain(
      'grants',
      3,
      EMPTY_CHAIN,
      [long],
      0,
    );
    const leaves = new EntryLeaves('grants', 3, EMPTY_CHAIN);
    expect(() => leaves.next(stored(made[0]!))).toThrow(
      'grants-3-1 is too long for the log',
    );
  });
});

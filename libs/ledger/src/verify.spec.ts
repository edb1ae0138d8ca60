import fc from 'fast-check';
import { anyDraft, grantOf, NOW_MS } from '../test/entries.js';
import { toStoredRows } from '../test/stored-rows.js';
import { accountName } from './account.js';
import { appendToChain, EMPTY_CHAIN, type ChainTip } from './chain.js';
import type { Entry, EntryDraft, StoredEntry } from './entry.js';
import { EntryCursor } from './postgres/entry-cursor.js';
import { ChainVerifier, type Finding } from './verify.js';

const GRANTS = [1n, 2n, 3n, 4n].map((amount) => grantOf(amount));

describe('verifying a chain', () => {
  it('finds nothing where nothing was changed, however it is cut into pages', () => {
    fc.assert(
      fc.property(fc.array(anyDraft), fc.nat(), (drafts, cut) => {
        const { entries, tip } = chainOf(...drafts);
        const at = cut % (entries.length + 1);
        const pages = [entries.slice(0, at), entries.slice(at)];
        expect(problems(pages, tip)).toEqual([]);
      }),
    );
  });

  it('finds the entry of which anything was changed, and that alone', () => {
    fc.assert(
      fc.property(
        fc.array(anyDraft, { minLength: 1 }),
        fc.nat(),
        fc.constantFrom(...CHANGES),
        (drafts, pick, change) => {
          const { entries, tip } = chainOf(...drafts);
          const at = pick % entries.length;
          const changed = change(entries[at]!);
          fc.pre(changed !== null);
          const forged = entries.with(at, { ...entries[at]!, ...changed });
          expect(findings([forged], tip).map(({ entryId }) => entryId)).toEqual(
            [`grants-3-${at + 1}`],
          );
        },
      ),
    );
  });

  it.each<[string, (entries: StoredEntry[]) => StoredEntry[], string[]]>([
    [
      'an entry is missing',
      (entries) => entries.toSpliced(1, 1),
      ['grants-3-2 is missing'],
    ],
    [
      'the first are missing',
      (entries) => entries.slice(2),
      ['grants-3-1 and all up to grants-3-2 are missing'],
    ],
    [
      'the last is missing',
      (entries) => entries.slice(0, 3),
      ['grants-3-4 is missing'],
    ],
    [
      'all are missing',
      () => [],
      ['grants-3-1 and all up to grants-3-4 are missing'],
    ],
  ])('names the first entry where %s', (_, cut, expected) => {
    const { entries, tip } = chainOf(...GRANTS);
    expect(problems([cut(entries)], tip)).toEqual(expected);
  });

  it('names the first entry beyond the head', () => {
    const { tip } = chainOf(...GRANTS.slice(0, 2));
    expect(problems([chainOf(...GRANTS).entries], tip)).toEqual([
      'grants-3-3 stands beyond the head, which is at 2',
    ]);
    expect(problems([chainOf(GRANTS[0]!).entries], EMPTY_CHAIN)).toEqual([
      'grants-3-1 stands beyond the head, which is at 0',
    ]);
  });

  it('finds a head with another hash than the last entry', () => {
    const { entries, tip } = chainOf(...GRANTS);
    const forged = { ...tip, hash: Buffer.alloc(32, 7) };
    expect(problems([entries], forged)).toEqual([
      expect.stringMatching(
        /^grants-3-4 has the hash [0-9a-f]{12}…, but the head says 070707070707…$/,
      ),
    ]);
  });

  it('says by how much an entry is off', () => {
    const { entries, tip } = chainOf(...GRANTS);
    const [out, come] = entries[1]!.postings;
    const postings = [out!, { ...come!, amount: 12n }];
    const forged = entries.with(1, { ...entries[1]!, postings });
    expect(problems([forged], tip)).toEqual([
      'grants-3-2 is off by 10 ANY_IMP',
    ]);
  });

  it('finds where a chain was made anew from an entry on', () => {
    const told = chainOf(...GRANTS);
    const forged = chainOf(GRANTS[0]!, grantOf(9n), ...GRANTS.slice(2));
    const mixed = [...told.entries.slice(0, 3), ...forged.entries.slice(3)];
    expect(problems([mixed], told.tip)).toEqual([
      expect.stringMatching(/^grants-3-4 was changed/),
      expect.stringMatching(/^grants-3-4 has the hash/),
    ]);
  });
});

/** What can be changed of an entry as it is stored; null where there is nothing of the kind in it. */
const CHANGES: ((entry: StoredEntry) => Partial<StoredEntry> | null)[] = [
  () => ({ kind: 'switch_off' }),
  () => ({ merchantId: 'somebody else' }),
  ({ occurredAtMs }) => ({ occurredAtMs: occurredAtMs + 0.001 }),
  ({ recordedAtMs }) => ({ recordedAtMs: recordedAtMs + 1 }),
  ({ causeText }) => ({ causeText: causeText.replace('{', '{ ') }),
  ({ causeText }) => ({
    causeText: causeText.replace('"by":"', '"by":"x'),
  }),
  ofFirst(() => ({ account: 'merchant:m3:available' })),
  ofFirst(({ lotId }) => ({ lotId: lotId === null ? '' : null })),
  ofFirst(() => ({ lotId: 'another lot' })),
  ofFirst(() => ({ line: 1 })),
  ({ postings }) =>
    postings.length > 0 ? { postings: postings.toReversed() } : null,
  ({ postings }) => (postings.length > 0 ? { postings: [] } : null),
  ({ postings }) =>
    postings.length > 0
      ? {
          postings: postings.map((posting) => ({
            ...posting,
            amount: posting.amount * 2n,
          })),
        }
      : null,
  ({ postings }) => ({
    postings: [
      ...postings,
      { ...line('pool:x', 5n), line: postings.length },
      { ...line('pool:y', -5n), line: postings.length + 1 },
    ],
  }),
];

function ofFirst(
  change: (posting: StoredEntry['postings'][number]) => object,
): (entry: StoredEntry) => Partial<StoredEntry> | null {
  return ({ postings: [first, ...rest] }) =>
    first ? { postings: [{ ...first, ...change(first) }, ...rest] } : null;
}

function line(account: string, amount: bigint) {
  return {
    account,
    unit: 'ANY_IMP',
    amount,
    lotId: null,
    balance: amount,
  } as const;
}

function chainOf(...drafts: EntryDraft[]) {
  const { entries, tip } = appendToChain(
    'grants',
    3,
    EMPTY_CHAIN,
    drafts,
    NOW_MS,
  );
  return { entries: entries.map(stored), tip };
}

function stored(entry: Entry): StoredEntry {
  const postings = entry.postings.map((posting, i) => ({
    ...posting,
    line: i,
    balance: posting.amount,
    account: accountName(posting.account, entry.merchantId),
  }));
  return { ...entry, postings };
}

function findings(pages: StoredEntry[][], head: ChainTip): Finding[] {
  const found: Finding[] = [];
  const chain = new ChainVerifier('grants', 3, head, (finding) =>
    found.push(finding),
  );
  const cursor = new EntryCursor({ journal: 'grants', shard: 3 }, () => {});
  for (const page of pages)
    for (cursor.load(toStoredRows(page)); cursor.next();) {
      cursor.encode();
      chain.check(cursor);
    }
  chain.end();
  return found;
}

function problems(pages: StoredEntry[][], head: ChainTip): string[] {
  return findings(pages, head).map(({ problem }) => problem);
}

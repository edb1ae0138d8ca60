import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { anyDraft, grantOf, NOW_MS } from '../test/entries.js';
import { appendToChain, chainHash, EMPTY_CHAIN } from './chain.js';
import { encodeEntry } from './encoding.js';
import type { Entry } from './entry.js';

function chainOf(...drafts: Parameters<typeof appendToChain>[3]) {
  return appendToChain('grants', 3, EMPTY_CHAIN, drafts, NOW_MS);
}

describe('a journal', () => {
  it('gives entries the next places, without gaps', () => {
    const tip = {
      sequence: 41n,
      hash: Buffer.alloc(32, 1),
      recordedAtMs: NOW_MS - 1,
    };
    const drafts = [grantOf(1n), grantOf(2n)];
    const added = appendToChain('promotions', 9, tip, drafts, NOW_MS);
    expect(added.entries).toMatchObject([
      { ...drafts[0], journal: 'promotions', shard: 9, sequence: 42n },
      { ...drafts[1], recordedAtMs: NOW_MS, sequence: 43n },
    ]);
    expect(added.tip).toEqual({
      sequence: 43n,
      hash: added.entries[1]!.hash,
      recordedAtMs: NOW_MS,
    });
  });

  it('never goes back in time, whatever its writer takes the time to be', () => {
    const { tip } = chainOf(grantOf(1n));
    const late = appendToChain('grants', 3, tip, [grantOf(2n)], NOW_MS - 5_000);
    expect(late.entries[0]!.recordedAtMs).toBe(NOW_MS);
    expect(late.tip.recordedAtMs).toBe(NOW_MS);
  });

  it('has the same last entry when nothing is added', () => {
    const { sequence, hash } = EMPTY_CHAIN;
    const tip = { sequence, hash, recordedAtMs: NOW_MS };
    expect(chainOf()).toEqual({ entries: [], tip });
  });

  it('takes no entry that is not balanced', () => {
    const [out] = grantOf(5n).postings;
    expect(() => chainOf({ ...grantOf(5n), postings: [out!] })).toThrow(
      'grant entry is off by -5 ANY_IMP',
    );
  });

  it('is the same however its entries are cut into commits', () => {
    fc.assert(
      fc.property(fc.array(anyDraft), fc.nat(), (drafts, cut) => {
        const at = cut % (drafts.length + 1);
        const first = chainOf(...drafts.slice(0, at));
        const rest = drafts.slice(at);
        const second = appendToChain('grants', 3, first.tip, rest, NOW_MS);
        expect([...first.entries, ...second.entries]).toEqual(
          chainOf(...drafts).entries,
        );
      }),
    );
  });
});

describe('the hash of an entry', () => {
  it('is SHA-256 over the hash ahead of it and its canonical bytes', () => {
    const [first, second] = chainOf(grantOf(1n), grantOf(2n)).entries;
    const ahead = sha256(Buffer.alloc(32), encodeEntry(first!));
    expect(first!.hash).toEqual(ahead);
    expect(second!.hash).toEqual(sha256(ahead, encodeEntry(second!)));
  });

  it.each<[string, (entry: Entry) => Partial<Entry>]>([
    ['journal', () => ({ journal: 'promotions' })],
    ['shard', ({ shard }) => ({ shard: shard + 1 })],
    ['sequence', ({ sequence }) => ({ sequence: sequence + 1n })],
    ['kind', () => ({ kind: 'switch_off' })],
    ['merchant', () => ({ merchantId: 'somebody else' })],
    ['time', ({ occurredAtMs }) => ({ occurredAtMs: occurredAtMs + 1 })],
    ['recording', ({ recordedAtMs }) => ({ recordedAtMs: recordedAtMs - 1 })],
    ['cause', ({ cause }) => ({ cause: { ...cause, type: 'x' } as never })],
    ['account', changeLine({ account: 'pool:another' })],
    [
      'unit',
      ({ postings }) => changeLine({ unit: otherUnit(postings) })({ postings }),
    ],
    [
      'amount',
      ({ postings }) =>
        changeLine({ amount: (postings[0]?.amount ?? 0n) + 1n })({ postings }),
    ],
    ['lot', changeLine({ lotId: 'another lot' })],
    ['lines', ({ postings }) => ({ postings: postings.slice(1) })],
    ['order of lines', ({ postings }) => ({ postings: postings.toReversed() })],
  ])('is another where its %s is changed', (_, change) => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        fc.pre(draft.postings.length > 0);
        const { entries } = chainOf(draft);
        const entry = entries[0]!;
        const forged = { ...entry, ...change(entry) };
        expect(chainHash(EMPTY_CHAIN.hash, entry)).toEqual(entry.hash);
        expect(chainHash(EMPTY_CHAIN.hash, forged)).not.toEqual(entry.hash);
      }),
    );
  });

  it('is another wherever any entry ahead of it is', () => {
    const later = [grantOf(2n), grantOf(3n)];
    const told = chainOf(grantOf(1n), ...later);
    const forged = chainOf(grantOf(9n), ...later);
    told.entries.forEach(({ hash }, i) => {
      expect(forged.entries[i]!.hash).not.toEqual(hash);
    });
  });

  it('is another where what one field ends with begins the next', () => {
    const [a, b] = [grantOf(1n, 'm1', '12'), grantOf(11n, 'm1', '2')];
    const same = { ...b, cause: a.cause };
    expect(chainOf(same).tip.hash).not.toEqual(chainOf(a).tip.hash);
  });
});

function sha256(...parts: Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

function changeLine(change: Partial<Entry['postings'][number]>) {
  return ({ postings }: Pick<Entry, 'postings'>): Partial<Entry> => ({
    postings: [{ ...postings[0]!, ...change }, ...postings.slice(1)],
  });
}

function otherUnit([first]: Entry['postings']) {
  return first?.unit === 'CNY' ? 'ANY_IMP' : 'CNY';
}

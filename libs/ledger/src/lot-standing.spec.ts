import fc from 'fast-check';
import { assertBalanced, type EntryDraft } from './entry.js';
import {
  leftToTakeBack,
  standingAfter,
  takeBackFrom,
  type LotStanding,
} from './lot-standing.js';

/** Of 1,000, 250 settled a debt; of the lot, 400 are available, 250 reserved or spent, 100 expired. */
const LOT: LotStanding = {
  lotId: 'grants-5-7',
  merchantId: 'm1',
  program: 'ladder',
  unit: 'ANY_IMP',
  granted: 750n,
  keptBack: 250n,
  available: 400n,
  expired: 100n,
  clawedBack: 0n,
  owed: 0n,
};

/** Grants at any point of their lives. */
const anyLot: fc.Arbitrary<LotStanding> = fc
  .record({
    keptBack: fc.bigInt({ min: 0n, max: 900n }),
    available: fc.bigInt({ min: 0n, max: 900n }),
    used: fc.bigInt({ min: 0n, max: 900n }),
    expired: fc.bigInt({ min: 0n, max: 900n }),
    clawedBack: fc.bigInt({ min: 0n, max: 900n }),
    owed: fc.bigInt({ min: 0n, max: 900n }),
  })
  .map(({ used, ...parts }) => ({
    ...LOT,
    ...parts,
    granted: parts.available + used + parts.expired + parts.clawedBack,
  }));
const anyAmount = fc.bigInt({ min: 0n, max: 2_000n });

describe('taking a grant back', () => {
  it('takes what is available, and makes a debt of the rest', () => {
    expect(takeBackFrom(LOT, 600n)).toEqual({
      postings: [
        line('available', -400n, LOT.lotId),
        line('clawed_back:ladder', 400n, LOT.lotId),
        line('owed', -200n, LOT.lotId),
        line('clawed_back:ladder', 200n, null),
      ],
      owed: 200n,
    });
  });

  it.each([
    ['all but what expired', {}, 900n],
    ['nothing twice', { clawedBack: 100n, available: 300n, owed: 50n }, 750n],
    [
      'what settled a debt alone',
      { granted: 0n, available: 0n, expired: 0n },
      250n,
    ],
    ['nothing where more is owed than is left', { owed: 2_000n }, 0n],
  ])('takes %s, whatever is asked', (_, standing, left) => {
    const lot = { ...LOT, ...standing };
    expect(leftToTakeBack(lot)).toBe(left);
    expect(taken(takeBackFrom(lot, 5_000n).postings)).toBe(left);
  });

  it('is the same in one go as in parts, and ends when nothing is left', () => {
    fc.assert(
      fc.property(anyLot, fc.array(anyAmount), (lot, amounts) => {
        const inParts = amounts.reduce(afterTaking, lot);
        const all = amounts.reduce((sum, amount) => sum + amount, 0n);
        expect(inParts).toEqual(afterTaking(lot, all));
        const left = leftToTakeBack(lot);
        expect(leftToTakeBack(inParts)).toBe(left > all ? left - all : 0n);
        expect(inParts.available).toBeGreaterThanOrEqual(0n);
      }),
    );
  });

  it('is balanced', () => {
    fc.assert(
      fc.property(anyLot, anyAmount, (lot, amount) => {
        const { postings } = takeBackFrom(lot, amount);
        assertBalanced({ kind: 'clawback', postings } as unknown as EntryDraft);
      }),
    );
  });
});

describe('a grant after an entry', () => {
  it('follows what is posted of it, and nothing else', () => {
    const postings = [
      line('available', -5n, LOT.lotId),
      line('expired:ladder', 5n, LOT.lotId),
      line('available', -7n, 'another'),
      line('reserved', 7n, 'another'),
    ];
    expect(standingAfter(LOT, { postings })).toEqual({
      ...LOT,
      available: 395n,
      expired: 105n,
    });
  });
});

function afterTaking(lot: LotStanding, amount: bigint): LotStanding {
  return standingAfter(lot, takeBackFrom(lot, amount));
}

function taken(postings: EntryDraft['postings']): bigint {
  return postings.reduce(
    (sum, { amount }) => sum + (amount > 0n ? amount : 0n),
    0n,
  );
}

function line(
  account: EntryDraft['postings'][number]['account'],
  amount: bigint,
  lotId: string | null,
) {
  return { account, unit: 'ANY_IMP' as const, amount, lotId };
}

import {
  cursorOf,
  isOpen,
  openLotsAfter,
  OpenLotSearch,
  type LotAsOf,
} from './lots.js';

describe('openLotsAfter', () => {
  const lots = [
    lot(1n, { available: 5n, day: 3 }),
    lot(2n, { spent: 9n, day: 1 }),
    lot(3n, { reserved: 1n, day: 2 }),
    lot(4n, { available: 1n, day: 2 }),
  ];

  it('has those with something left, first to expire first', () => {
    expect(sequences(openLotsAfter(lots, null))).toEqual([3n, 4n, 1n]);
  });

  it('goes on behind any of them, and has none behind one with nothing left', () => {
    const behind = (sequence: bigint) =>
      sequences(openLotsAfter(lots, cursorOf(lots[Number(sequence) - 1]!)));
    expect(behind(3n)).toEqual([4n, 1n]);
    expect(behind(4n)).toEqual([1n]);
    expect(behind(1n)).toEqual([]);
    expect(behind(2n)).toEqual([]);
  });

  function sequences(found: readonly LotAsOf[]): bigint[] {
    expect(found.every(isOpen)).toBe(true);
    return found.map(({ sequence }) => sequence);
  }
});

describe('OpenLotSearch', () => {
  it('is done when what was seen is all that the merchant has, in each unit', () => {
    const search = new OpenLotSearch([
      { account: 'available', unit: 'ANY_IMP', amount: 3n },
      { account: 'reserved', unit: 'ANY_IMP', amount: 2n },
      { account: 'payable', unit: 'CNY', amount: 7n },
      { account: 'owed', unit: 'ANY_IMP', amount: -9n },
    ]);
    search.see('ANY_IMP', 3n);
    expect(search.isDone).toBe(false);
    search.see('ANY_IMP', 0n);
    search.see('ANY_IMP', 2n);
    expect(search.isDone).toBe(true);
  });

  it('has nothing to look for where the merchant has nothing', () => {
    expect(new OpenLotSearch([]).isDone).toBe(true);
  });
});

function lot(
  sequence: bigint,
  { day = 1, ...parts }: Partial<LotAsOf> & { day?: number },
): LotAsOf {
  return {
    lotId: `grants-0-${sequence}`,
    sequence,
    unit: 'ANY_IMP',
    program: 'ladder',
    expiresAt: new Date(Date.UTC(2024, 11, day)),
    granted: 9n,
    available: 0n,
    reserved: 0n,
    spent: 0n,
    expired: 0n,
    clawedBack: 0n,
    ...parts,
  };
}

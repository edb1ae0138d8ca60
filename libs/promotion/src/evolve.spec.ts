import { move, type EntryDraft } from '@app/ledger';
import { granted, minute } from '../test/inputs.js';
import { evolve } from './evolve.js';
import { UNKNOWN_MERCHANT } from './merchant-promotion.js';

const lot = { unit: 'ANY_IMP', amount: 300, at: 0 } as const;

function expired(lotId: string, amount: bigint): EntryDraft {
  return {
    kind: 'expire',
    merchantId: 'm1',
    occurredAtMs: 0,
    postings: move('ANY_IMP', amount, 'available', 'expired:ladder', lotId),
    cause: {
      type: 'lot_expired',
      lotId,
      program: 'ladder',
      expiresAt: '2024-11-11T00:00:00.000Z',
    },
  };
}

describe('evolve', () => {
  it('keeps lots in the order in which they expire, then by their names', () => {
    const grants = [
      granted({ ...lot, lotId: 'c', expires: 9 }),
      granted({ ...lot, lotId: 'b', expires: 5 }),
      granted({ ...lot, lotId: 'a', expires: 9 }),
    ];
    const merchant = grants
      .map(({ entry }) => entry)
      .reduce(evolve, UNKNOWN_MERCHANT);
    expect(merchant.lots).toEqual(
      [
        { lotId: 'b', expires: 5 },
        { lotId: 'a', expires: 9 },
        { lotId: 'c', expires: 9 },
      ].map(({ lotId, expires }) => ({
        lotId,
        unit: 'ANY_IMP',
        program: 'ladder',
        expiresAtMs: minute(expires),
        available: 300n,
        reserved: 0n,
      })),
    );
  });

  it('refuses an entry that would take more from a lot than it holds', () => {
    const { entry } = granted({ ...lot, lotId: 'a', expires: 9 });
    const merchant = evolve(UNKNOWN_MERCHANT, entry);
    expect(evolve(merchant, expired('a', 300n)).lots).toEqual([]);
    expect(() => evolve(merchant, expired('a', 301n))).toThrow(
      'lot a would fall below zero',
    );
  });

  it('refuses a grant without a lot', () => {
    const { entry } = granted({ ...lot, lotId: 'a', expires: 9 });
    expect(() => evolve(UNKNOWN_MERCHANT, { ...entry, postings: [] })).toThrow(
      'a grant makes exactly one lot',
    );
  });
});

import { move, type EntryDraft } from '@app/ledger';
import { granted, minute } from '../test/inputs.js';
import { evolve } from './evolve.js';
import { UNKNOWN_MERCHANT } from './merchant-promotion.js';

const lot = { unit: 'ANY_IMP', amount: 300, at: 0 } as const;

const ADJUSTED = {
  type: 'adjusted',
  program: 'ladder',
  asked: 100,
  reason: 'outage',
  proposalId: 'adj-0-1',
  proposedBy: 'alice',
  proposedAt: '2024-11-11T00:00:00.000Z',
  approvedBy: 'bob',
  approvedAt: '2024-11-11T01:00:00.000Z',
} as const;

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

  it('makes no lot of cash, or of what all settled what was owed', () => {
    const { entry } = granted({ ...lot, lotId: 'a', expires: 9 });
    for (const to of ['payable', 'owed'] as const) {
      const postings = move('CNY', 5n, 'pool:ladder', to);
      const merchant = evolve(UNKNOWN_MERCHANT, { ...entry, postings });
      expect(merchant.lots).toEqual([]);
    }
  });

  it('makes the lot that an adjustment gives, and takes from one what it takes back', () => {
    const { entry } = granted({ ...lot, lotId: 'a', expires: 9 });
    const given = evolve(UNKNOWN_MERCHANT, {
      ...entry,
      kind: 'adjustment',
      cause: {
        ...ADJUSTED,
        adjustment: 'give',
        expiresAt: new Date(minute(9)).toISOString(),
      },
    });
    expect(given.lots).toEqual(evolve(UNKNOWN_MERCHANT, entry).lots);
    const [left] = evolve(given, {
      ...entry,
      kind: 'adjustment',
      postings: [
        ...move('ANY_IMP', 100n, 'available', 'clawed_back:ladder', 'a'),
        ...move('ANY_IMP', 5n, 'owed', 'clawed_back:ladder', 'a'),
      ],
      cause: { ...ADJUSTED, adjustment: 'take_back', lotId: 'a' },
    }).lots;
    expect(left).toMatchObject({ available: 200n, reserved: 0n });
  });
});

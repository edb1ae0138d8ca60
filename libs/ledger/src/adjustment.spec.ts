import fc from 'fast-check';
import {
  AdjustmentRefused,
  decideAdjustment,
  journalOf,
  type Adjustment,
  type AdjustmentState,
  type KnownLot,
} from './adjustment.js';
import { assertBalanced, MAX_AMOUNT } from './entry.js';

const AT_MS = Date.parse('2024-11-12T10:00:00Z');
const EXPIRES_MS = Date.parse('2024-12-01T00:00:00Z');
const ID = 'grants-5-18';
const GIVE = {
  type: 'give',
  merchantId: 'm1',
  program: 'ladder',
  unit: 'ANY_IMP',
  amount: 500n,
  expiresAtMs: EXPIRES_MS,
} as const;
const TAKE_BACK = {
  type: 'take_back',
  merchantId: 'm1',
  lotId: 'grants-5-7',
  amount: 600n,
} as const;
/** Of 1,000, 400 are available, 300 reserved, 200 spent, 100 expired. */
const LOT: KnownLot = {
  lotId: 'grants-5-7',
  merchantId: 'm1',
  program: 'ladder',
  unit: 'ANY_IMP',
  granted: 1_000n,
  keptBack: 0n,
  available: 400n,
  expired: 100n,
  clawedBack: 0n,
  owed: 0n,
  isFollowed: true,
};
const STATE: AdjustmentState = {
  pool: 10_000n,
  owed: 0n,
  payable: 0n,
  lot: null,
};

describe('an adjustment', () => {
  it('says why it is there, and who agreed', () => {
    expect(decide(GIVE)).toEqual({
      draft: {
        kind: 'adjustment',
        merchantId: 'm1',
        occurredAtMs: AT_MS,
        postings: [line('pool:ladder', -500n, ID), line('available', 500n, ID)],
        cause: {
          type: 'adjusted',
          adjustment: 'give',
          program: 'ladder',
          asked: 500,
          expiresAt: '2024-12-01T00:00:00.000Z',
          reason: 'outage',
          proposalId: 'adj-5-1',
          proposedBy: 'alice',
          proposedAt: '2024-11-12T09:00:00.000Z',
          approvedBy: 'bob',
          approvedAt: '2024-11-12T10:00:00.000Z',
        },
      },
      lot: {
        lotId: ID,
        merchantId: 'm1',
        unit: 'ANY_IMP',
        granted: 500n,
        expiresAtMs: EXPIRES_MS,
        program: 'ladder',
      },
    });
  });

  it('is not approved by whoever proposed it', () => {
    expect(() => decide(GIVE, {}, 'alice')).toThrow(
      new AdjustmentRefused(
        'alice cannot approve what alice proposed: it takes another identity',
      ),
    );
  });

  it('settles what is owed with what it gives', () => {
    const { draft, lot } = decide(GIVE, { owed: 200n });
    expect(draft?.cause).toMatchObject({ asked: 500, keptBack: 200 });
    expect(lot?.granted).toBe(300n);
    expect(decide(GIVE, { owed: 500n }).lot).toBeNull();
  });

  it('takes what is available from the lot, and the rest is owed', () => {
    const { draft, lot } = decide(TAKE_BACK, { lot: LOT });
    expect(lot).toBeNull();
    expect(draft).toMatchObject({
      cause: { adjustment: 'take_back', lotId: 'grants-5-7', owed: 200 },
      postings: [
        line('available', -400n, 'grants-5-7'),
        line('clawed_back:ladder', 400n, 'grants-5-7'),
        line('owed', -200n, 'grants-5-7'),
        line('clawed_back:ladder', 200n, null),
      ],
    });
  });

  it.each([
    ['all but what expired', {}, 900n],
    ['what had settled a debt', { keptBack: 250n }, 1_150n],
    ['nothing twice', { clawedBack: 400n, available: 0n, owed: 200n }, 300n],
    [
      'nothing where more is owed than is left',
      { available: 0n, expired: 900n, owed: 200n },
      0n,
    ],
  ])('takes back %s', (_, standing, most) => {
    const take = (amount: bigint) =>
      decide({ ...TAKE_BACK, amount }, { lot: { ...LOT, ...standing } });
    if (most > 0n) take(most);
    expect(() => take(most + 1n)).toThrow(`and ${most} are left to take`);
  });

  it('takes nothing from the lot of another merchant, or of one that the promoter does not know', () => {
    const take = (standing: Partial<KnownLot>) =>
      decide(TAKE_BACK, { lot: { ...LOT, ...standing } });
    expect(() => take({ merchantId: 'm2' })).toThrow('m1 has no lot');
    expect(() => decide(TAKE_BACK)).toThrow('m1 has no lot grants-5-7');
    expect(() => take({ isFollowed: false })).toThrow('try again when it has');
  });

  it('moves budget both ways, and cuts no more than is left', () => {
    const budget = (amount: bigint) =>
      decide({ type: 'budget', program: 'ladder', unit: 'ANY_IMP', amount });
    expect(budget(7n).draft).toMatchObject({
      merchantId: null,
      postings: [line('issuance', -7n), line('pool:ladder', 7n)],
    });
    expect(budget(-50_000n).draft).toMatchObject({
      cause: { asked: -50_000 },
      postings: [line('pool:ladder', -10_000n), line('issuance', 10_000n)],
    });
    expect(
      decide(
        { type: 'budget', program: 'l', unit: 'CNY', amount: -5n },
        { pool: 0n },
      ),
    ).toEqual({ draft: null, lot: null });
  });

  it('gives cash that is payable, and pays out no more than that', () => {
    const cash = { merchantId: 'm1', amount: 70n };
    expect(
      decide({ type: 'cash', program: 'ladder', ...cash }).draft?.postings,
    ).toMatchObject([{ account: 'pool:ladder' }, { account: 'payable' }]);
    const { draft } = decide({ type: 'payout', ...cash }, { payable: 70n });
    expect(draft).toMatchObject({
      kind: 'payout',
      postings: [{ account: 'payable' }, { account: 'paid_out' }],
    });
    expect(() => decide({ type: 'payout', ...cash })).toThrow(
      'merchant:m1:payable has 0 CNY, less than 70',
    );
  });

  it.each<[string, Adjustment, string]>([
    ['nothing', { ...GIVE, amount: 0n }, '0 cannot be moved'],
    ['less than nothing', { ...GIVE, amount: -1n }, '-1 cannot be moved'],
    [
      'more than fits',
      { ...GIVE, amount: MAX_AMOUNT + 1n },
      'cannot be moved: expected an amount from 1',
    ],
    ['cash as a lot', { ...GIVE, unit: 'CNY' }, 'CNY is cash'],
    [
      'a lot that has expired',
      { ...GIVE, expiresAtMs: AT_MS },
      'would have expired at 2024-11-12T10:00:00.000Z already',
    ],
    [
      'more than the pool has',
      { ...GIVE, amount: 10_001n },
      'pool:ladder has 10000 ANY_IMP, less than 10001',
    ],
  ])('refuses to give %s', (_, adjustment, said) => {
    expect(() => decide(adjustment)).toThrow(said);
  });

  it('belongs to the journal that owns what it moves', () => {
    expect(journalOf(TAKE_BACK)).toBe('promotions');
    expect(journalOf(GIVE)).toBe('grants');
  });

  it('always balances, and moves what was asked for at most', () => {
    const size = fc.bigInt({ min: 1n, max: 2_000n });
    const kinds: fc.Arbitrary<Adjustment> = fc
      .tuple(
        size,
        fc.constantFrom('give', 'take_back', 'budget', 'cut', 'cash', 'payout'),
      )
      .map(([amount, kind]): Adjustment => {
        const program = 'ladder';
        const merchantId = 'm1';
        switch (kind) {
          case 'give':
            return { ...GIVE, amount };
          case 'take_back':
            return { ...TAKE_BACK, amount };
          case 'budget':
            return { type: 'budget', program, unit: 'ANY_IMP', amount };
          case 'cut':
            return {
              type: 'budget',
              program,
              unit: 'ANY_IMP',
              amount: -amount,
            };
          case 'cash':
            return { type: 'cash', merchantId, program, amount };
          case 'payout':
            return { type: 'payout', merchantId, amount };
        }
      });
    const some = fc.bigInt({ min: 0n, max: 1_500n });
    const states = fc.record({
      pool: some,
      owed: some,
      payable: some,
      lot: fc.constant(LOT),
    });
    fc.assert(
      fc.property(kinds, states, (adjustment, state) => {
        let decision;
        try {
          decision = decide(adjustment, state);
        } catch (error) {
          expect(error).toBeInstanceOf(AdjustmentRefused);
          return;
        }
        const { draft } = decision;
        if (!draft) return;
        assertBalanced(draft);
        const moved = draft.postings
          .filter(({ amount }) => amount > 0n)
          .reduce((sum, { amount }) => sum + amount, 0n);
        const { amount } = adjustment;
        expect(moved).toBeLessThanOrEqual(amount < 0n ? -amount : amount);
        const debt = draft.postings
          .filter(({ account }) => account === 'owed')
          .reduce((sum, line) => sum + line.amount, -state.owed);
        expect(debt).toBeLessThanOrEqual(0n);
      }),
    );
  });
});

function decide(
  adjustment: Adjustment,
  state: Partial<AdjustmentState> = {},
  approvedBy = 'bob',
) {
  return decideAdjustment(
    {
      shard: 5,
      proposalId: 'adj-5-1',
      adjustment,
      reason: 'outage',
      proposedBy: 'alice',
      proposedAtMs: AT_MS - 3_600_000,
    },
    { approvedBy, approvedAtMs: AT_MS },
    { ...STATE, ...state },
    ID,
  );
}

function line(account: string, amount: bigint, lotId: string | null = null) {
  return { account, unit: 'ANY_IMP', amount, lotId };
}

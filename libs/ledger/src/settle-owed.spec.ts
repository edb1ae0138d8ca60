import fc from 'fast-check';
import { UNITS } from '@app/contracts';
import { assertBalanced, MAX_AMOUNT } from './entry.js';
import { settleOwed } from './settle-owed.js';

const CREDIT = {
  unit: 'ANY_IMP',
  amount: 100n,
  from: 'pool:ladder',
  lotId: 'grants-5-17',
  owed: 0n,
} as const;

describe('settleOwed', () => {
  it('makes a lot of all of it where nothing is owed', () => {
    expect(settleOwed(CREDIT)).toEqual({
      postings: [
        line('pool:ladder', -100n, 'grants-5-17'),
        line('available', 100n, 'grants-5-17'),
      ],
      keptBack: 0n,
      received: 100n,
    });
  });

  it('settles first what is owed, and makes a lot of the rest', () => {
    expect(settleOwed({ ...CREDIT, owed: 30n })).toEqual({
      postings: [
        line('pool:ladder', -30n, null),
        line('owed', 30n, null),
        line('pool:ladder', -70n, 'grants-5-17'),
        line('available', 70n, 'grants-5-17'),
      ],
      keptBack: 30n,
      received: 70n,
    });
  });

  it('makes no lot where all of it is owed', () => {
    expect(settleOwed({ ...CREDIT, owed: 1_000n })).toEqual({
      postings: [line('pool:ladder', -100n, null), line('owed', 100n, null)],
      keptBack: 100n,
      received: 0n,
    });
  });

  it('makes cash payable, and no lot', () => {
    const { postings } = settleOwed({ ...CREDIT, unit: 'CNY' });
    expect(postings.at(-1)).toEqual({
      account: 'payable',
      unit: 'CNY',
      amount: 100n,
      lotId: null,
    });
  });

  it('refuses to credit nothing, and a debt of less than nothing', () => {
    expect(() => settleOwed({ ...CREDIT, amount: 0n })).toThrow(RangeError);
    expect(() => settleOwed({ ...CREDIT, owed: -1n })).toThrow(RangeError);
  });

  it('always balances, and never brings a debt above zero', () => {
    const amount = fc.bigInt({ min: 1n, max: MAX_AMOUNT });
    const owed = fc.bigInt({ min: 0n, max: MAX_AMOUNT });
    fc.assert(
      fc.property(
        fc.constantFrom(...UNITS),
        amount,
        owed,
        (unit, amount, owed) => {
          const settled = settleOwed({ ...CREDIT, unit, amount, owed });
          const { postings, keptBack, received } = settled;
          assertBalanced({
            kind: 'grant',
            merchantId: 'm1',
            occurredAtMs: 0,
            postings,
            cause: {
              type: 'program_published',
              program: 'p',
              version: 1,
              programHash: '',
            },
          });
          expect(keptBack + received).toBe(amount);
          expect(keptBack).toBeLessThanOrEqual(owed);
          // Nothing is received while something is owed still.
          expect(received === 0n || keptBack === owed).toBe(true);
        },
      ),
    );
  });
});

function line(account: string, amount: bigint, lotId: string | null) {
  return { account, unit: 'ANY_IMP', amount, lotId };
}

import { UNITS } from '@app/contracts';
import { grantOf } from '../test/entries.js';
import { accountName } from './account.js';
import { jsonInteger } from './cause.js';
import { assertBalanced, entryId, MAX_AMOUNT, move } from './entry.js';

describe('a move', () => {
  it('takes from one account what it gives to the other, of the same lot', () => {
    expect(move('LIVE_IMP', 5n, 'available', 'reserved', 'lot-1')).toEqual([
      { account: 'available', unit: 'LIVE_IMP', amount: -5n, lotId: 'lot-1' },
      { account: 'reserved', unit: 'LIVE_IMP', amount: 5n, lotId: 'lot-1' },
    ]);
  });

  it.each([0n, -1n, MAX_AMOUNT + 1n])('is refused for %d', (amount) => {
    expect(() => move('CNY', amount, 'issuance', 'pool:x')).toThrow(
      `cannot move ${amount} CNY from issuance to pool:x`,
    );
  });

  it('goes up to what the database keeps', () => {
    expect(move('CNY', MAX_AMOUNT, 'issuance', 'pool:x')[1].amount).toBe(
      2n ** 63n - 1n,
    );
  });
});

describe('an entry', () => {
  const moves = UNITS.flatMap((unit, i) =>
    move(unit, BigInt(i + 1), 'available', 'reserved'),
  );

  it('is balanced where each unit sums to zero, in however many lines', () => {
    expect(() =>
      assertBalanced({ ...grantOf(1n), postings: moves }),
    ).not.toThrow();
    expect(() =>
      assertBalanced({ ...grantOf(1n), postings: [] }),
    ).not.toThrow();
  });

  it('is refused without any one of its lines', () => {
    moves.forEach((_, i) => {
      const postings = moves.toSpliced(i, 1);
      expect(() => assertBalanced({ ...grantOf(1n), postings })).toThrow(
        `off by ${-moves[i]!.amount} ${moves[i]!.unit}`,
      );
    });
  });

  it('is refused where one unit makes up for another', () => {
    const [out, into] = move('CNY', 5n, 'issuance', 'pool:x');
    const postings = [out, { ...into, unit: 'ANY_IMP' as const }];
    expect(() => assertBalanced({ ...grantOf(1n), postings })).toThrow(
      'grant entry is off by -5 CNY',
    );
  });

  it('is refused where it is off by one among the largest amounts', () => {
    const [out, into] = move('CNY', MAX_AMOUNT, 'issuance', 'pool:x');
    const postings = [out, { ...into, amount: into.amount - 1n }];
    expect(() => assertBalanced({ ...grantOf(1n), postings })).toThrow(
      'off by -1 CNY',
    );
  });

  it('has its journal, shard and sequence for an address', () => {
    expect(entryId('grants', 3, 1_234_567n)).toBe('grants-3-1234567');
  });
});

describe('an account', () => {
  it('is named by its class, and by its merchant where it is one of theirs', () => {
    expect(accountName('available', 'm:1')).toBe('merchant:m:1:available');
    expect(accountName('pool:ladder', 'm:1')).toBe('pool:ladder');
    expect(accountName('issuance', null)).toBe('issuance');
  });

  it('of a merchant is refused without one', () => {
    expect(() => accountName('owed', null)).toThrow(
      'account "owed" belongs to a merchant',
    );
  });
});

describe('an integer in a cause', () => {
  it('is a number as far as every reader keeps it, and digits beyond', () => {
    expect(jsonInteger(2n ** 53n - 1n)).toBe(9007199254740991);
    expect(jsonInteger(2n ** 53n)).toBe('9007199254740992');
    expect(jsonInteger(-(2n ** 63n))).toBe('-9223372036854775808');
  });
});

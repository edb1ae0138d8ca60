import fc from 'fast-check';
import { ladder } from '../../test/ladders.js';
import type { Exact } from '../exact.js';
import type { Piece } from './piece.js';
import { ProgramSet } from '../published/program-set.js';
import {
  MAX_GRANTS_KEPT,
  NOT_STARTED,
  type GoalStanding,
  type PaidReward,
} from '../progress.js';
import {
  count,
  lowered,
  nothingPaid,
  withGrant,
  withPaid,
} from './standing.js';

const [goal] = new ProgramSet([ladder()]).held[0]!.goals;

const piece = (amount: Exact, day: number | null = null): Piece => ({
  goal: goal!,
  period: {
    key: 'week:2024-11-11',
    endMs: 0,
    rowKey: 'small\nweek:2024-11-11',
  },
  amount,
  day,
  isOpen: true,
  atMs: 0,
});

const anyGrants = fc.array(fc.bigInt({ min: 1n, max: 100n }), {
  maxLength: 3 * MAX_GRANTS_KEPT,
});

function granted(amounts: readonly bigint[]): PaidReward {
  return amounts.reduce(
    (paid, amount, i) =>
      withGrant(paid, amount, { entryId: `grants-0-${i}`, amount }),
    nothingPaid('ANY_IMP'),
  );
}

function sumOf(grants: PaidReward['grants']): bigint {
  return grants.reduce((sum, { amount }) => sum + amount, 0n);
}

function counted(...pieces: readonly Piece[]): GoalStanding {
  const standing = { ...NOT_STARTED };
  for (const one of pieces) count(standing, one);
  return standing;
}

describe('a standing', () => {
  it('adds up what is counted, by day where days count', () => {
    expect(counted(piece(5), piece(-2)).value).toBe(3);
    const days = [piece(60, 1), piece(30, 2), piece(5, 1)];
    expect(counted(...days).days).toEqual(
      new Map([
        [1, 65],
        [2, 30],
      ]),
    );
  });

  it('forgets a day that nothing is left of', () => {
    const days = [piece(60, 1), piece(-60, 1)];
    expect(counted(...days).days).toEqual(new Map());
  });

  it('keeps what was paid by what for, until all of it is gone', () => {
    const one = withPaid({}, 'one', [nothingPaid('CNY')]);
    const two = withPaid(one, 'two', []);
    expect(Object.keys(two)).toEqual(['one', 'two']);
    expect(Object.keys(withPaid(two, 'one', null))).toEqual(['two']);
    expect(Object.keys(one)).toEqual(['one']);
  });
});

describe('a reward that was paid', () => {
  it('remembers the last grants apart, and loses none of the amount', () => {
    fc.assert(
      fc.property(anyGrants, (amounts) => {
        const paid = granted(amounts);
        expect(paid.grants.length).toBeLessThanOrEqual(MAX_GRANTS_KEPT);
        expect(sumOf(paid.grants)).toBe(paid.granted);
        expect(paid.granted).toBe(amounts.reduce((sum, one) => sum + one, 0n));
      }),
    );
  });

  it('is promised also where nothing is granted of it', () => {
    expect(withGrant(nothingPaid('CNY'), 7n, null)).toEqual({
      unit: 'CNY',
      promised: 7n,
      granted: 0n,
      grants: [],
    });
  });

  it('is lowered to what is deserved, and names what is taken of which grants', () => {
    expect(lowered(granted([10n, 20n, 30n]), 25n)).toEqual({
      paid: {
        unit: 'ANY_IMP',
        promised: 25n,
        granted: 25n,
        grants: [
          { entryId: 'grants-0-0', amount: 10n },
          { entryId: 'grants-0-1', amount: 15n },
        ],
      },
      taken: 35n,
      grants: [
        { entryId: 'grants-0-2', amount: 30n },
        { entryId: 'grants-0-1', amount: 5n },
      ],
    });
  });

  it('loses exactly what is too much, and what is left stays with its grants', () => {
    fc.assert(
      fc.property(
        anyGrants,
        fc.bigInt({ min: 0n, max: 10_000n }),
        (amounts, target) => {
          const before = granted(amounts);
          const { paid, taken, grants } = lowered(before, target);
          expect(paid.granted + taken).toBe(before.granted);
          expect(paid.granted).toBeLessThanOrEqual(target);
          expect(sumOf(grants)).toBe(taken);
          expect(sumOf(paid.grants)).toBe(paid.granted);
          expect(paid.promised <= target).toBe(true);
        },
      ),
    );
  });
});

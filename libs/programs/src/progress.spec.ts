import fc from 'fast-check';
import { UNITS } from '@app/contracts';
import { exact } from './exact.js';
import {
  NOT_STARTED,
  progressFromJson,
  progressToJson,
  type GoalStanding,
  type PeriodProgress,
} from './progress.js';

const anyAmount = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
const anyName = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
const anyPaid = fc.record({
  unit: fc.constantFrom(...UNITS),
  promised: anyAmount,
  granted: anyAmount,
  grants: fc.array(fc.record({ entryId: anyName, amount: anyAmount })),
});
const recordOf = <Value>(
  name: fc.Arbitrary<string>,
  value: fc.Arbitrary<Value>,
) => fc.dictionary(name, value, { noNullPrototype: true });
const mapOf = <Key, Value>(
  key: fc.Arbitrary<Key>,
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<Map<Key, Value>> =>
  fc.array(fc.tuple(key, value)).map((list) => new Map(list));
const anyStanding: fc.Arbitrary<GoalStanding> = fc.record({
  value: anyAmount.map(exact),
  days: fc.option(mapOf(fc.integer(), anyAmount.map(exact))),
  paid: recordOf(anyName, fc.array(anyPaid)),
  state: fc.constantFrom('open', 'settled', 'closed'),
});
const anyProgress: fc.Arbitrary<PeriodProgress> = fc.record({
  endMs: fc.option(fc.nat()),
  lastMs: fc.option(fc.nat()),
  goals: fc
    .uniqueArray(anyName)
    .chain((names) =>
      fc.tuple(
        ...names
          .toSorted()
          .map((goal) =>
            anyStanding.map((standing) => ({ goal, ...standing })),
          ),
      ),
    ),
  granted: recordOf(fc.constantFrom(...UNITS), anyAmount),
});

describe('the stored form of progress', () => {
  it('is small, and plain JSON that keeps every digit', () => {
    expect(
      progressToJson({
        endMs: 1_731_859_200_000,
        lastMs: 1_731_850_000_000,
        goals: [
          {
            goal: 'orders',
            ...NOT_STARTED,
            value: 5,
            paid: {
              '1-order': [
                {
                  unit: 'ANY_IMP',
                  promised: 1_000n,
                  granted: 900n,
                  grants: [{ entryId: 'grants-3-17', amount: 900n }],
                },
              ],
            },
          },
          { goal: 'gmv', ...NOT_STARTED, value: 2n ** 53n, state: 'settled' },
          { goal: 'days', ...NOT_STARTED, days: new Map([[20_038, 3_600]]) },
        ],
        granted: { CNY: 50n },
      }),
    ).toEqual({
      v: 2,
      end: 1_731_859_200_000,
      last: 1_731_850_000_000,
      goals: {
        orders: {
          value: 5,
          paid: { '1-order': [['ANY_IMP', 1_000, 900, ['grants-3-17', 900]]] },
        },
        gmv: { value: '9007199254740992', state: 'settled' },
        days: { days: [[20_038, 3_600]] },
      },
      granted: { CNY: 50 },
    });
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(anyProgress, (progress) => {
        const stored = JSON.stringify(progressToJson(progress));
        expect(progressFromJson(JSON.parse(stored))).toEqual(progress);
      }),
    );
  });

  it('of version 1 is read: its tiers were paid, and nothing is known to take back', () => {
    const { goals } = progressFromJson({
      v: 1,
      goals: { orders: { value: 5, paid: ['1-order'] } },
    });
    expect(goals).toEqual([
      { goal: 'orders', ...NOT_STARTED, value: 5, paid: { '1-order': [] } },
    ]);
  });

  it('is refused where it is of another version', () => {
    expect(() => progressFromJson({ v: 3, goals: {} })).toThrow(
      'progress of version 3 is not known here',
    );
  });
});

import fc from 'fast-check';
import { progressFromJson, progressToJson } from './progress.js';

describe('the stored form of progress', () => {
  it('is plain JSON that keeps every digit', () => {
    const goals = new Map([
      ['orders', { value: 5n, paidTiers: ['1-order', '5-orders'] }],
      ['gmv', { value: 2n ** 53n, paidTiers: [] }],
    ]);
    expect(progressToJson({ goals })).toEqual({
      v: 1,
      goals: {
        orders: { value: 5, paid: ['1-order', '5-orders'] },
        gmv: { value: '9007199254740992', paid: [] },
      },
    });
  });

  it('comes back as it was', () => {
    const names = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
    const standings = fc.record({
      value: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      paidTiers: fc.array(names),
    });
    const anyGoals = fc.array(fc.tuple(names, standings));
    fc.assert(
      fc.property(anyGoals, (list) => {
        const goals = new Map(list);
        const stored = JSON.stringify(progressToJson({ goals }));
        expect(progressFromJson(JSON.parse(stored))).toEqual({ goals });
      }),
    );
  });

  it('is refused where it is of another version', () => {
    expect(() => progressFromJson({ v: 2, goals: {} })).toThrow(
      'progress of version 2 is not known here',
    );
  });
});

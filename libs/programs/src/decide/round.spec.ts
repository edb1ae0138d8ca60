import fc from 'fast-check';
import { basisPointsOf } from './round.js';

describe('basis points of a value', () => {
  it.each([
    [10_000n, 150n, 150n],
    [0n, 150n, 0n],
    [50n, 100n, 0n], // 0.5
    [150n, 100n, 2n], // 1.5
    [250n, 100n, 2n], // 2.5
    [251n, 100n, 3n],
    [249n, 100n, 2n],
    [2n ** 53n - 1n, 10_000n, 2n ** 53n - 1n],
  ])('of %d at %d is %d: half goes to even', (value, basisPoints, expected) => {
    expect(basisPointsOf(value, basisPoints)).toBe(expected);
  });

  it('is never further than a half from the exact share', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 63n }),
        fc.bigInt({ min: 0n, max: 100_000n }),
        (value, basisPoints) => {
          const error =
            basisPointsOf(value, basisPoints) * 10_000n - value * basisPoints;
          expect(error >= -5_000n && error <= 5_000n).toBe(true);
        },
      ),
    );
  });
});

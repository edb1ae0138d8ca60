import fc from 'fast-check';
import {
  difference,
  exact,
  exactFromJson,
  exactToJson,
  negative,
  sum,
  type Exact,
} from './exact.js';

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** Often where numbers end to be exact. */
const anyWhole = fc.oneof(
  fc.bigInt({ min: -100n, max: 100n }),
  fc
    .tuple(
      fc.constantFrom(-2n * LARGEST, -LARGEST, LARGEST, 2n * LARGEST),
      fc.bigInt({ min: -3n, max: 3n }),
    )
    .map(([near, more]) => near + more),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
);

/** A number exactly where it is safe. */
function expectExact(actual: Exact, expected: bigint): void {
  expect(BigInt(actual)).toBe(expected);
  expect(typeof actual).toBe(
    expected >= -LARGEST && expected <= LARGEST ? 'number' : 'bigint',
  );
}

describe('a whole number of any size', () => {
  it('is exact, and adds up as integers do, also where numbers would round', () => {
    fc.assert(
      fc.property(anyWhole, anyWhole, (one, other) => {
        expectExact(exact(one), one);
        expectExact(sum(exact(one), exact(other)), one + other);
        expectExact(difference(exact(one), exact(other)), one - other);
        expectExact(negative(exact(one)), -one);
      }),
      { numRuns: 1_000 },
    );
  });

  it('compares as integers do', () => {
    fc.assert(
      fc.property(anyWhole, anyWhole, (one, other) => {
        expect(exact(one) < exact(other)).toBe(one < other);
        expect(exact(one) >= exact(other)).toBe(one >= other);
        expect(exact(one) === exact(other)).toBe(one === other);
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(anyWhole, (whole) => {
        const json = JSON.stringify(exactToJson(exact(whole)));
        expectExact(exactFromJson(JSON.parse(json)), whole);
      }),
    );
  });
});

import fc from 'fast-check';
import { Random } from '../world/random.js';
import { drawSegments } from './concave.js';

it('draws segments that fill the capacity and never bring more than the one ahead', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.double({ min: 500, max: 30_000, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, capacity, topRate, drop) => {
        const segments = drawSegments(
          new Random(seed),
          capacity,
          topRate,
          drop,
        );
        const rates = segments.map((segment) => segment.gmvMinorPerThousand);
        expect(rates[0]).toBe(Math.round(topRate));
        expect(rates).toEqual(rates.toSorted((a, b) => b - a));
        const sizes = segments.map(({ impressions }) => impressions);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(sizes.reduce((sum, size) => sum + size)).toBe(capacity);
      },
    ),
  );
});

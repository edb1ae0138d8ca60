import { Random } from './random.js';

const DRAWS = 20_000;

describe('chance', () => {
  it('is the same from the same seed, and has nothing to do with that of another', () => {
    expect(draw('a', (random) => random.unit(), 100)).toEqual(
      draw('a', (random) => random.unit(), 100),
    );
    const ones = draw('a', (random) => random.unit());
    const others = draw('b', (random) => random.unit());
    expect(correlation(ones, others)).toBeCloseTo(0, 1);
  });

  /** A change of these would change every world that anybody has seen. */
  it('stays what it is', () => {
    expect(draw('1', (random) => random.integer(0, 999), 5)).toEqual([
      461, 203, 191, 509, 184,
    ]);
  });

  it('is spread evenly over [0, 1)', () => {
    const draws = draw('a', (random) => random.unit());
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(mean(draws)).toBeCloseTo(1 / 2, 2);
    expect(variance(draws)).toBeCloseTo(1 / 12, 2);
  });

  it('draws whole numbers from low to high, both of them too', () => {
    const draws = draw('a', (random) => random.integer(3, 5));
    expect(share(draws, 3)).toBeCloseTo(1 / 3, 1);
    expect(share(draws, 4)).toBeCloseTo(1 / 3, 1);
    expect(share(draws, 5)).toBeCloseTo(1 / 3, 1);
  });

  it('comes true as often as it should, always and never included', () => {
    const often = draw('a', (random) => random.chance(0.3));
    expect(share(often, true)).toBeCloseTo(0.3, 1);
    expect(
      share(
        draw('a', (random) => random.chance(1), 100),
        true,
      ),
    ).toBe(1);
    expect(
      share(
        draw('a', (random) => random.chance(0), 100),
        true,
      ),
    ).toBe(0);
  });

  it('draws as many doublings of a number as there are', () => {
    const draws = draw('a', (random) => random.logUniform(2, 32));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...draws)).toBeLessThan(32);
    expect(mean(draws.map(Math.log2))).toBeCloseTo(3, 1);
  });

  it('picks by weight, and never what weighs nothing', () => {
    const draws = draw('a', (random) => random.weighted([1, 0, 3]));
    expect(share(draws, 0)).toBeCloseTo(0.25, 1);
    expect(share(draws, 1)).toBe(0);
    expect(share(draws, 2)).toBeCloseTo(0.75, 1);
  });

  it('picks nothing from nothing', () => {
    expect(() => new Random('a').pick([])).toThrow('nothing to pick from');
  });

  it('draws normal variables', () => {
    const draws = draw('a', (random) => random.normal());
    expect(mean(draws)).toBeCloseTo(0, 1);
    expect(variance(draws)).toBeCloseTo(1, 1);
    expect(draws.every(Number.isFinite)).toBe(true);
  });

  it('draws log-normal variables, half of them below the median', () => {
    const draws = draw('a', (random) => random.logNormal(100, 1.6));
    const below = draws.filter((value) => value < 100).length;
    expect(below / DRAWS).toBeCloseTo(0.5, 1);
    expect(Math.min(...draws)).toBeGreaterThan(0);
  });

  it.each([0, 0.2, 4, 30, 31, 5_000])(
    'draws Poisson variables with a mean of %d',
    (expected) => {
      const draws = draw('a', (random) => random.poisson(expected));
      // Five standard errors.
      const tolerance = 5 * Math.sqrt(expected / DRAWS);
      expect(Math.abs(mean(draws) - expected)).toBeLessThanOrEqual(tolerance);
      expect(variance(draws)).toBeGreaterThanOrEqual(0.9 * expected);
      expect(variance(draws)).toBeLessThanOrEqual(1.1 * expected);
      expect(draws.every((n) => Number.isInteger(n) && n >= 0)).toBe(true);
    },
  );
});

function draw<T>(seed: string, one: (random: Random) => T, count = DRAWS): T[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => one(random));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

function correlation(ones: readonly number[], others: readonly number[]) {
  const together = mean(ones.map((one, index) => one * others[index]!));
  return (
    (together - mean(ones) * mean(others)) /
    Math.sqrt(variance(ones) * variance(others))
  );
}

function share<T>(values: readonly T[], wanted: T): number {
  return values.filter((value) => value === wanted).length / values.length;
}

import { readReport } from './report.js';

const ORDER_MINOR = 6_000;

describe('A report of GMV in whole fen', () => {
  const read = (gmvMinor: number, expectedMinor: number) =>
    readReport({ impressions: 8, gmvMinor }, expectedMinor, ORDER_MINOR);

  it('says how far the rate is from what was expected, on the scale of logarithms', () => {
    const { surprise, variance } = read(2_000, 1_000);
    expect(surprise).toBeCloseTo(Math.log(2), 3);
    expect(variance).toBeLessThan(1e-6);
  });

  it('is no surprise, and tells hardly anything, where what was expected is rounded to the same', () => {
    const { surprise, variance } = read(0, 0.16);
    expect(surprise).toBe(0);
    expect(variance).toBeGreaterThan(3);
  });

  it('surprises by no more than what rounding cannot explain', () => {
    expect(read(0, 5).surprise).toBeCloseTo(Math.log(0.5 / 5));
    expect(read(1, 0.1).surprise).toBeCloseTo(Math.log(0.5 / 0.1));
  });
});

describe('A report of few orders', () => {
  it('that sold nothing is as little a surprise as it should be', () => {
    const { surprise, variance } = readReport(
      { impressions: 100, gmvMinor: 0, orders: 0 },
      300,
      ORDER_MINOR,
    );
    expect(surprise).toBe(-1);
    expect(variance).toBeCloseTo((1 + 0.25) / (300 / ORDER_MINOR));
  });
});

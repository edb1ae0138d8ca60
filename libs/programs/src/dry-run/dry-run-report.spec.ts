import { spreadOf } from './dry-run-report.js';

function spread(...amounts: bigint[]) {
  const counts = new Map<bigint, number>();
  for (const amount of amounts)
    counts.set(amount, (counts.get(amount) ?? 0) + 1);
  return spreadOf(counts);
}

describe('spreadOf', () => {
  it('is nothing where there is no merchant', () => {
    expect(spread()).toEqual({
      merchants: 0,
      p50: 0n,
      p90: 0n,
      p99: 0n,
      max: 0n,
      histogram: [],
    });
  });

  it('takes quantiles by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => BigInt(i + 1));
    expect(spread(...hundred)).toMatchObject({
      merchants: 100,
      p50: 50n,
      p90: 90n,
      p99: 99n,
      max: 100n,
    });
    expect(spread(7n)).toMatchObject({ p50: 7n, p90: 7n, p99: 7n, max: 7n });
  });

  it('counts in buckets of 1, 2 and 5, from the lowest to the highest that is used', () => {
    expect(spread(1_000n, 1_999n, 2_000n, 12_000n).histogram).toEqual([
      { from: 1_000n, to: 1_999n, merchants: 2 },
      { from: 2_000n, to: 4_999n, merchants: 1 },
      { from: 5_000n, to: 9_999n, merchants: 0 },
      { from: 10_000n, to: 19_999n, merchants: 1 },
    ]);
  });

  it('has a bucket for nothing', () => {
    expect(spread(0n, 0n, 1n).histogram).toEqual([
      { from: 0n, to: 0n, merchants: 2 },
      { from: 1n, to: 1n, merchants: 1 },
    ]);
  });

  it('takes powers of ten where amounts lie far apart', () => {
    expect(spread(3n, 999n, 1_000n, 40_000n).histogram).toEqual([
      { from: 1n, to: 9n, merchants: 1 },
      { from: 10n, to: 99n, merchants: 0 },
      { from: 100n, to: 999n, merchants: 1 },
      { from: 1_000n, to: 9_999n, merchants: 1 },
      { from: 10_000n, to: 99_999n, merchants: 1 },
    ]);
  });

  it('loses no merchant, however large the amounts', () => {
    const { histogram, max } = spread(1n, 2n ** 62n, 10n ** 18n);
    expect(max).toBe(2n ** 62n);
    expect(histogram.reduce((sum, { merchants }) => sum + merchants, 0)).toBe(
      3,
    );
  });
});

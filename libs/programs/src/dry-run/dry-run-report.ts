import type { Unit } from '@app/contracts';

/** What a version of a program would have granted. Amounts in the unit's own, of cash in fen. */
export interface DryRunReport {
  program: string;
  version: number;
  /** Merchants that were eligible when one of their events came, and those that were granted anything. */
  merchants: { eligible: number; reached: number };
  /** Events that came too late for any goal. */
  lateEvents: number;
  /** By unit that the program has a pool of. */
  units: UnitReport[];
  /** In the program's order. */
  goals: GoalReport[];
}

export interface UnitReport {
  unit: Unit;
  /** The budget, over all shards. */
  pool: bigint;
  /** What left the pool. */
  granted: bigint;
  takenBack: bigint;
  /** What was granted and not taken back. */
  net: bigint;
  unpaid: Record<UnpaidBecause, Unpaid>;
  /** What merchants kept of it, over those that were granted any. */
  spread: Spread;
  /** Who kept most of it, the most first. */
  top: MerchantAmount[];
}

/** Where both a cap and the pool left less than was promised, it is the pool's. */
export type UnpaidBecause = 'poolDry' | 'capped';

export interface Unpaid {
  /** Rewards of which less was paid than was promised. */
  rewards: number;
  /** What was promised and not paid. */
  amount: bigint;
}

export interface MerchantAmount {
  merchantId: string;
  amount: bigint;
}

export interface GoalReport {
  goal: string;
  lateEvents: number;
  tiers: TierReport[];
  takenBack: { unit: Unit; times: number; amount: bigint }[];
}

export interface TierReport {
  /** The tier's name, or how the goal pays: `every`, `rate`. */
  tier: string;
  unit: Unit;
  grants: number;
  granted: bigint;
}

/** How amounts are spread over merchants. All nothing where there is none. */
export interface Spread {
  merchants: number;
  /** So many of a hundred merchants have this or less: the nearest rank. */
  p50: bigint;
  p90: bigint;
  p99: bigint;
  max: bigint;
  histogram: Bucket[];
}

export interface Bucket {
  from: bigint;
  /** The highest amount that is still in it. */
  to: bigint;
  merchants: number;
}

/** @param counts by amount, how many merchants have it; none is below nothing */
export function spreadOf(counts: ReadonlyMap<bigint, number>): Spread {
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const merchants = sorted.reduce((sum, [, count]) => sum + count, 0);
  const quantile = (share: number): bigint => {
    let rank = Math.ceil(share * merchants);
    for (const [amount, count] of sorted) {
      rank -= count;
      if (rank <= 0) return amount;
    }
    return 0n;
  };
  return {
    merchants,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p99: quantile(0.99),
    max: sorted.at(-1)?.[0] ?? 0n,
    histogram: histogramOf(sorted),
  };
}

const MOST_BUCKETS = 10;

/** Buckets of 1, 2, 5, 10, 20 and so on, or of powers of ten where those would be too many. */
function histogramOf(sorted: readonly [bigint, number][]): Bucket[] {
  const fine = bucketsOf(sorted, [1n, 2n, 5n]);
  return fine.length <= MOST_BUCKETS ? fine : bucketsOf(sorted, [1n]);
}

/** @param steps where buckets begin in each power of ten */
function bucketsOf(
  sorted: readonly [bigint, number][],
  steps: readonly bigint[],
): Bucket[] {
  const max = sorted.at(-1)?.[0];
  if (max === undefined) return [];
  const starts = [0n];
  // One power further, where the last bucket ends.
  for (let power = 1n; power <= 10n * max + 1n; power *= 10n)
    starts.push(...steps.map((step) => step * power));
  const buckets = starts.slice(0, -1).map((from, i) => {
    const to = starts[i + 1]! - 1n;
    const within = sorted.filter(([amount]) => from <= amount && amount <= to);
    return {
      from,
      to,
      merchants: within.reduce((sum, [, count]) => sum + count, 0),
    };
  });
  const isUsed = ({ merchants }: Bucket): boolean => merchants > 0;
  return buckets.slice(
    buckets.findIndex(isUsed),
    buckets.findLastIndex(isUsed) + 1,
  );
}

import { UNITS, type Unit } from '@app/contracts';
import type { DryRunReport, TierReport, UnitReport } from './dry-run-report.js';
import type { KeptByUnit } from './dry-run-sums.js';
import { Largest } from '../decide/largest.js';

/** What a draft would have granted more than the running version: less than nothing where it is less. */
export interface DryRunDifferences {
  merchants: { eligible: number; reached: number };
  lateEvents: number;
  /** By unit that either has a pool of. */
  units: UnitDifference[];
  /** The draft's goals and tiers in its order, then those that the running version alone has. */
  tiers: TierDifference[];
}

export interface UnitDifference {
  unit: Unit;
  pool: bigint;
  granted: bigint;
  takenBack: bigint;
  net: bigint;
  /** Of those that either granted any: how many keep more, less or as much with the draft. */
  merchants: { more: number; less: number; same: number };
  /** For whom the two differ most, the most first. */
  top: MerchantDifference[];
}

export interface MerchantDifference {
  merchantId: string;
  /** What the merchant keeps with the draft. */
  draft: bigint;
  /** What it keeps with the running version. */
  running: bigint;
}

export interface TierDifference extends TierReport {
  goal: string;
}

/** Compares what two versions leave with each merchant, a shard at a time. */
export class MerchantDifferences {
  readonly #units = new Map<Unit, UnitDifferences>();

  /** @param top how many merchants are told by unit */
  constructor(private readonly top: number) {}

  takeShard(draft: KeptByUnit, running: KeptByUnit): void {
    for (const unit of new Set([...draft.keys(), ...running.keys()])) {
      const differences = this.#of(unit);
      const mine = draft.get(unit) ?? NOBODY;
      const others = running.get(unit) ?? NOBODY;
      for (const merchantId of new Set([...mine.keys(), ...others.keys()]))
        differences.take({
          merchantId,
          draft: mine.get(merchantId) ?? 0n,
          running: others.get(merchantId) ?? 0n,
        });
    }
  }

  /** @returns all differences of the two reports, and of their merchants */
  between(draft: DryRunReport, running: DryRunReport): DryRunDifferences {
    return {
      merchants: {
        eligible: draft.merchants.eligible - running.merchants.eligible,
        reached: draft.merchants.reached - running.merchants.reached,
      },
      lateEvents: draft.lateEvents - running.lateEvents,
      units: UNITS.flatMap((unit) => {
        const ofUnit = ({ units }: DryRunReport) =>
          units.find((known) => known.unit === unit);
        const mine = ofUnit(draft);
        const other = ofUnit(running);
        if (!mine && !other) return [];
        const { merchants, top } = this.#of(unit);
        const { pool, granted, takenBack, net } = less(mine, other);
        return [{ unit, pool, granted, takenBack, net, merchants, top }];
      }),
      tiers: tierDifferences(draft, running),
    };
  }

  #of(unit: Unit): UnitDifferences {
    let differences = this.#units.get(unit);
    if (!differences) {
      differences = new UnitDifferences(this.top);
      this.#units.set(unit, differences);
    }
    return differences;
  }
}

const NOBODY: ReadonlyMap<string, bigint> = new Map();

class UnitDifferences {
  readonly merchants = { more: 0, less: 0, same: 0 };
  readonly #top: Largest<MerchantDifference>;

  constructor(top: number) {
    this.#top = new Largest(top, ({ draft, running }) =>
      draft > running ? draft - running : running - draft,
    );
  }

  get top(): MerchantDifference[] {
    return this.#top.items;
  }

  take(merchant: MerchantDifference): void {
    const { draft, running } = merchant;
    if (draft === running) {
      this.merchants.same += 1;
      return;
    }
    this.merchants[draft > running ? 'more' : 'less'] += 1;
    this.#top.add(merchant);
  }
}

type Sums = Pick<UnitReport, 'pool' | 'granted' | 'takenBack' | 'net'>;

const NO_SUMS: Sums = { pool: 0n, granted: 0n, takenBack: 0n, net: 0n };

function less(one: Sums = NO_SUMS, other: Sums = NO_SUMS): Sums {
  return {
    pool: one.pool - other.pool,
    granted: one.granted - other.granted,
    takenBack: one.takenBack - other.takenBack,
    net: one.net - other.net,
  };
}

function tierDifferences(
  draft: DryRunReport,
  running: DryRunReport,
): TierDifference[] {
  const differences = new Map<string, TierDifference>();
  const add = ({ goals }: DryRunReport, sign: 1 | -1): void => {
    for (const { goal, tiers } of goals)
      for (const { tier, unit, grants, granted } of tiers) {
        const key = `${goal}\n${tier}\n${unit}`;
        const known = differences.get(key) ?? {
          goal,
          tier,
          unit,
          grants: 0,
          granted: 0n,
        };
        differences.set(key, {
          ...known,
          grants: known.grants + sign * grants,
          granted: known.granted + BigInt(sign) * granted,
        });
      }
  };
  add(draft, 1);
  add(running, -1);
  return [...differences.values()];
}

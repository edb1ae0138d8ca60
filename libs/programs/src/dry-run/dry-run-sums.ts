import { UNITS, type Unit } from '@app/contracts';
import type { EntryDraft, GoalCause, RewardTakenBackCause } from '@app/ledger';
import type { GrantOutcome } from '../decide/decide.js';
import {
  spreadOf,
  type DryRunReport,
  type GoalReport,
  type MerchantAmount,
  type TierReport,
  type UnitReport,
  type Unpaid,
  type UnpaidBecause,
} from './dry-run-report.js';
import { Largest } from '../decide/largest.js';
import type { Goal, Program } from '../program.js';

/** By unit, what merchants of a shard kept of what they were granted: those that were granted any. */
export type KeptByUnit = ReadonlyMap<Unit, ReadonlyMap<string, bigint>>;

/**
 * Sums what a version would have granted, a shard at a time: of a merchant nothing is kept beyond its shard but its
 * place among the top.
 */
export class DryRunSums {
  readonly #units: Map<Unit, UnitSums>;
  readonly #goals: Map<string, GoalSums>;
  #reached = 0;
  #eligible = 0;
  #lateEvents = 0;

  /** @param top how many merchants are told by unit */
  constructor(
    private readonly program: Program,
    top: number,
  ) {
    const units = UNITS.filter((unit) => program.pools[unit] !== undefined);
    this.#units = new Map(units.map((unit) => [unit, new UnitSums(top)]));
    this.#goals = new Map(
      program.goals.map((goal) => [goal.goal, new GoalSums(goal)]),
    );
  }

  take({ drafts, unpaid }: Pick<GrantOutcome, 'drafts' | 'unpaid'>): void {
    for (const draft of drafts) {
      const { cause } = draft;
      if (cause.type === 'goal_reached') this.#grant(draft, cause);
      else if (cause.type === 'reward_taken_back') this.#takeBack(draft, cause);
    }
    for (const { unit, promised, because } of unpaid)
      this.#units
        .get(unit)
        ?.leaveUnpaid(because === 'capped' ? because : 'poolDry', promised);
  }

  /** An event came too late for these goals. */
  takeLate(goals: readonly string[]): void {
    this.#lateEvents += 1;
    for (const goal of goals) {
      const sums = this.#goals.get(goal);
      if (sums) sums.lateEvents += 1;
    }
  }

  /** @param eligible how many merchants of the shard were eligible at an event of theirs */
  endShard(eligible: number): KeptByUnit {
    const reached = new Set<string>();
    const kept: [Unit, ReadonlyMap<string, bigint>][] = [];
    for (const [unit, sums] of this.#units) {
      const ofUnit = sums.endShard();
      for (const merchantId of ofUnit.keys()) reached.add(merchantId);
      kept.push([unit, ofUnit]);
    }
    this.#reached += reached.size;
    this.#eligible += eligible;
    return new Map(kept);
  }

  report(): DryRunReport {
    const { program, version, pools } = this.program;
    return {
      program,
      version,
      merchants: { eligible: this.#eligible, reached: this.#reached },
      lateEvents: this.#lateEvents,
      units: Array.from(this.#units, ([unit, sums]) =>
        sums.report(unit, pools[unit]!),
      ),
      goals: Array.from(this.#goals, ([goal, sums]) => sums.report(goal)),
    };
  }

  #grant({ merchantId, postings }: EntryDraft, cause: GoalCause): void {
    const [{ unit }] = postings as [EntryDraft['postings'][number]];
    // What is kept back of a grant, to settle a debt, has left the pool all the same.
    const granted = postings.reduce(
      (sum, { account, amount }) =>
        account.startsWith('pool:') ? sum - amount : sum,
      0n,
    );
    const sums = this.#units.get(unit)!;
    sums.grant(merchantId!, granted);
    const promised = BigInt(cause.promised);
    if (granted < promised)
      sums.leaveUnpaid(
        cause.poolRanDry ? 'poolDry' : 'capped',
        promised - granted,
      );
    this.#goals.get(cause.goal)?.grant(cause.tier, unit, granted);
  }

  #takeBack({ merchantId }: EntryDraft, cause: RewardTakenBackCause): void {
    const { unit, goal } = cause;
    const amount = BigInt(cause.amount);
    this.#units.get(unit)?.takeBack(merchantId!, amount);
    this.#goals.get(goal)?.takeBack(unit, amount);
  }
}

class UnitSums {
  #granted = 0n;
  #takenBack = 0n;
  readonly #unpaid: Record<UnpaidBecause, Unpaid> = {
    poolDry: { rewards: 0, amount: 0n },
    capped: { rewards: 0, amount: 0n },
  };
  /** Of the shard. */
  #kept = new Map<string, bigint>();
  /** By amount, how many merchants kept it. */
  readonly #counts = new Map<bigint, number>();
  readonly #top: Largest<MerchantAmount>;

  constructor(top: number) {
    this.#top = new Largest(top, ({ amount }) => amount);
  }

  grant(merchantId: string, amount: bigint): void {
    this.#granted += amount;
    this.#kept.set(merchantId, (this.#kept.get(merchantId) ?? 0n) + amount);
  }

  takeBack(merchantId: string, amount: bigint): void {
    this.#takenBack += amount;
    this.#kept.set(merchantId, (this.#kept.get(merchantId) ?? 0n) - amount);
  }

  leaveUnpaid(because: UnpaidBecause, amount: bigint): void {
    const unpaid = this.#unpaid[because];
    unpaid.rewards += 1;
    unpaid.amount += amount;
  }

  endShard(): ReadonlyMap<string, bigint> {
    const kept = this.#kept;
    this.#kept = new Map();
    for (const [merchantId, amount] of kept) {
      this.#counts.set(amount, (this.#counts.get(amount) ?? 0) + 1);
      this.#top.add({ merchantId, amount });
    }
    return kept;
  }

  report(unit: Unit, pool: bigint): UnitReport {
    return {
      unit,
      pool,
      granted: this.#granted,
      takenBack: this.#takenBack,
      net: this.#granted - this.#takenBack,
      unpaid: this.#unpaid,
      spread: spreadOf(this.#counts),
      top: this.#top.items,
    };
  }
}

class GoalSums {
  lateEvents = 0;
  /** Each that can be paid, in the program's order, also where nobody reaches it. */
  readonly #tiers: TierReport[];
  readonly #takenBack: GoalReport['takenBack'] = [];

  constructor(goal: Goal) {
    this.#tiers = tiersOf(goal).flatMap(({ tier, units }) =>
      units.map((unit) => ({ tier, unit, grants: 0, granted: 0n })),
    );
  }

  grant(tier: string, unit: Unit, amount: bigint): void {
    const sums = this.#tiers.find(
      (known) => known.tier === tier && known.unit === unit,
    )!;
    sums.grants += 1;
    sums.granted += amount;
  }

  takeBack(unit: Unit, amount: bigint): void {
    let sums = this.#takenBack.find((known) => known.unit === unit);
    if (!sums) {
      sums = { unit, times: 0, amount: 0n };
      this.#takenBack.push(sums);
    }
    sums.times += 1;
    sums.amount += amount;
  }

  report(goal: string): GoalReport {
    return {
      goal,
      lateEvents: this.lateEvents,
      tiers: this.#tiers,
      takenBack: this.#takenBack,
    };
  }
}

/** As causes name them. */
function tiersOf({ payout }: Goal): { tier: string; units: Unit[] }[] {
  switch (payout.kind) {
    case 'tiers':
    case 'highest_tier':
      return payout.tiers.map(({ tier, rewards }) => ({
        tier,
        units: distinct(rewards.map(({ unit }) => unit)),
      }));
    case 'every':
      return [
        {
          tier: 'every',
          units: distinct(payout.rewards.map(({ unit }) => unit)),
        },
      ];
    case 'rate':
      return [{ tier: 'rate', units: [payout.unit] }];
  }
}

function distinct(units: readonly Unit[]): Unit[] {
  return [...new Set(units)];
}

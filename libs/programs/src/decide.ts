import type { ActivityEvent } from '@app/contracts';
import {
  entryId,
  type EntryDraft,
  type EventReference,
  type NewLot,
} from '@app/ledger';
import { Debts } from './debts.js';
import {
  grantReward,
  unpaidReward,
  type ReachedTier,
  type UnpaidReward,
} from './grant.js';
import {
  applyToOrder,
  changesBetween,
  isOrderEvent,
  orderKey,
  UNKNOWN_ORDER,
  type Contribution,
  type OrderEvent,
  type OrderRecord,
} from './order.js';
import { inWindow, periodKey } from './period.js';
import { PoolSlices } from './pool.js';
import type { Goal, Program } from './program.js';
import {
  NOT_STARTED,
  progressKey,
  type GoalStanding,
  type PeriodProgress,
  type ProgressAddress,
} from './progress.js';

/** An event to count, and where it came from. */
export interface ActivityInput {
  event: ActivityEvent;
  reference: EventReference;
}

/** What deciding on a batch needs to know. None of it is changed. */
export interface GrantState {
  /** By {@link orderKey}: what is known of the orders of {@link ordersNeeded}. */
  orders: ReadonlyMap<string, OrderRecord>;
  /** By {@link progressKey}: what is known of the progress of {@link progressNeeded}. */
  progress: ReadonlyMap<string, PeriodProgress>;
  /** By {@link poolKey}: what is left in this shard's slice of each pool. */
  pools: ReadonlyMap<string, bigint>;
  /** By {@link debtKey}: what merchants of the batch owe, where they do. */
  owed: ReadonlyMap<string, bigint>;
}

/** What a batch led to. Orders and progress are those that it touched, as they are after it. */
export interface GrantOutcome {
  drafts: EntryDraft[];
  /** By {@link orderKey}. */
  orders: Map<string, OrderRecord>;
  progress: { address: ProgressAddress; progress: PeriodProgress }[];
  lots: NewLot[];
  unpaid: UnpaidReward[];
}

/** The grants journal's last entry: the first draft becomes the entry behind it. */
export interface JournalPlace {
  shard: number;
  sequence: bigint;
}

/**
 * What a batch of new events of one shard earns, in their order. Pure: the same call gives the same
 * entries, and batches cut in another way give the same grants.
 *
 * Rewards are paid when an event lifts a metric to a tier that was not paid in its period yet, and stay
 * paid. A tier counts as paid also where the pool had too little for it: what was missing is named (in the
 * entry, or among the unpaid) and never made good by a later event.
 *
 * What a merchant owes is settled out of its grants first, in their order.
 *
 * @param inputs each event once: duplicates are the caller's to drop
 */
export function decideGrants(
  programs: readonly Program[],
  state: GrantState,
  inputs: readonly ActivityInput[],
  place: JournalPlace,
): GrantOutcome {
  const batch = new Batch(programs, state, place);
  for (const { event, reference } of inputs) {
    if (isOrderEvent(event)) batch.countOrder(event, reference);
  }
  return batch.outcome();
}

/** A row of progress that the batch has copied and may write. */
interface OpenRow {
  address: ProgressAddress;
  progress: { goals: Map<string, GoalStanding> };
}

class Batch {
  readonly #orders = new Map<string, OrderRecord>();
  readonly #rows = new Map<string, OpenRow>();
  readonly #pools: PoolSlices;
  readonly #debts: Debts;
  readonly #drafts: EntryDraft[] = [];
  readonly #lots: NewLot[] = [];
  readonly #unpaid: UnpaidReward[] = [];

  constructor(
    private readonly programs: readonly Program[],
    private readonly state: GrantState,
    private readonly place: JournalPlace,
  ) {
    this.#pools = new PoolSlices(state.pools);
    this.#debts = new Debts(state.owed);
  }

  outcome(): GrantOutcome {
    return {
      drafts: this.#drafts,
      orders: this.#orders,
      progress: [...this.#rows.values()],
      lots: this.#lots,
      unpaid: this.#unpaid,
    };
  }

  countOrder(event: OrderEvent, reference: EventReference): void {
    const key = orderKey(event.merchantId, event.data.orderId);
    const before =
      this.#orders.get(key) ?? this.state.orders.get(key) ?? UNKNOWN_ORDER;
    const after = applyToOrder(before, event);
    this.#orders.set(key, after);
    for (const change of changesBetween(before, after)) {
      for (const program of this.programs) {
        if (!inWindow(program, change.atMs)) continue;
        for (const goal of program.goals)
          this.#count(program, goal, change, event, reference);
      }
    }
  }

  #count(
    program: Program,
    goal: Goal,
    change: Contribution,
    event: OrderEvent,
    reference: EventReference,
  ): void {
    const amount = change[goal.metric];
    if (amount === 0n || !goal.channels.includes(change.channel)) return;
    const { merchantId, occurredAtMs: atMs } = event;
    const period = periodKey(goal.period, change.atMs, program);
    const { goals } = this.#open(merchantId, program, period);
    const before = goals.get(goal.goal) ?? NOT_STARTED;
    const value = before.value + amount;
    // Only a rise reaches a tier: a refund pays nothing, also where a new version has put a tier below.
    const reached =
      amount < 0n
        ? []
        : goal.tiers.filter(
            ({ tier, at }) => value >= at && !before.paidTiers.includes(tier),
          );
    const paidTiers =
      reached.length === 0
        ? before.paidTiers
        : [...before.paidTiers, ...reached.map(({ tier }) => tier)];
    goals.set(goal.goal, { value, paidTiers });
    for (const tier of reached)
      this.#pay({
        merchantId,
        program,
        goal,
        tier,
        period,
        value,
        atMs,
        reference,
      });
  }

  #open(
    merchantId: string,
    program: Program,
    period: string,
  ): OpenRow['progress'] {
    const address = { merchantId, program: program.program, period };
    const key = progressKey(address);
    let row = this.#rows.get(key);
    if (!row) {
      const goals = new Map(this.state.progress.get(key)?.goals);
      row = { address, progress: { goals } };
      this.#rows.set(key, row);
    }
    return row.progress;
  }

  #pay(reached: ReachedTier): void {
    for (const reward of reached.tier.rewards) {
      const granted = this.#pools.take(
        reached.program.program,
        reward.unit,
        reward.amount,
      );
      if (granted === 0n) {
        this.#unpaid.push(unpaidReward(reached, reward));
        continue;
      }
      const { merchantId } = reached;
      const { draft, keptBack, lot } = grantReward(reached, reward, {
        granted,
        owed: this.#debts.of(merchantId, reward.unit),
        entryId: this.#nextEntryId(),
      });
      this.#drafts.push(draft);
      if (lot) this.#lots.push(lot);
      if (keptBack > 0n) this.#debts.settle(merchantId, reward.unit, keptBack);
    }
  }

  #nextEntryId(): string {
    const { shard, sequence } = this.place;
    return entryId(
      'grants',
      shard,
      sequence + BigInt(this.#drafts.length) + 1n,
    );
  }
}

import type { Unit } from '@app/contracts';
import {
  entryId,
  isCash,
  type EntryDraft,
  type EventReference,
  type NewLot,
} from '@app/ledger';
import type { CountedEvent, FallReason, GoalChange } from './count.js';
import {
  metricValue,
  reachedBy,
  type DecidedPlace,
  type DeservedReward,
  type Reached,
} from './deserved.js';
import { UNKNOWN_MERCHANT, type MerchantFacts } from './merchant-facts.js';
import { OpenRow } from './open-row.js';
import type { Period } from './period.js';
import type { Piece } from './piece.js';
import { PoolSlices } from './pool.js';
import type { Goal, TakeBack } from './program.js';
import {
  capPeriodAt,
  isEligible,
  isOpen,
  settlesAtMs,
  type HeldGoal,
  type HeldProgram,
  type ProgramSet,
} from './program-set.js';
import {
  named,
  NO_PROGRESS,
  rowKey,
  type GoalStanding,
  type PaidReward,
  type PeriodProgress,
  type ProgressAddress,
} from './progress.js';
import { Purses } from './purse.js';
import type { Recounted } from './recount.js';
import {
  clawbackEntry,
  grantEntry,
  unpaidReward,
  type Decided,
  type TakenBack,
  type UnpaidReward,
} from './reward-entry.js';
import {
  counted,
  lowered,
  nothingPaid,
  withGrant,
  withPaid,
} from './standing.js';

/** What deciding on a batch needs to know. None of it is changed. */
export interface GrantState {
  /** By merchant and row key (see `rowKey`): the rows of `rowsNeeded`, where there are any. */
  progress: ReadonlyMap<string, ReadonlyMap<string, PeriodProgress>>;
  /** By {@link poolKey}: what is left in this shard's slice of each pool. */
  pools: ReadonlyMap<string, bigint>;
  /** By {@link purseKey}: what merchants of the batch owe, where they do. */
  owed: ReadonlyMap<string, bigint>;
  /** By {@link purseKey}: what merchants of the batch are still to be paid in cash. */
  payable: ReadonlyMap<string, bigint>;
  /** By merchant: what is known of those whose rows are due, before the batch. */
  facts: ReadonlyMap<string, MerchantFacts>;
  /** Rows that the clock may have something to decide in. */
  due: readonly ProgressAddress[];
  /** By event: what flags on sessions and merchants leave. */
  recounts: ReadonlyMap<CountedEvent, Recounted>;
  /** What time it is: milliseconds since the epoch. */
  clockMs: number;
}

/** What a batch led to. Progress is that of the rows that it touched, as they are after it. */
export interface GrantOutcome {
  drafts: EntryDraft[];
  progress: ChangedProgress[];
  lots: NewLot[];
  unpaid: UnpaidReward[];
  /** By {@link poolKey}: what pools had too little for, in all. */
  short: ReadonlyMap<string, bigint>;
}

export interface ChangedProgress {
  address: ProgressAddress;
  /** See {@link rowKey}. */
  key: string;
  progress: PeriodProgress;
  /** When the clock has something to decide in it: milliseconds since the epoch; null for never. */
  dueAtMs: number | null;
}

/** The grants journal's last entry: the first draft becomes the entry behind it. */
export interface JournalPlace {
  shard: number;
  sequence: bigint;
}

/**
 * What a batch of one shard earns and loses: first what the clock has brought to its end, then each event in its order.
 * Pure: the same call gives the same entries, and at one time batches cut in another way give the same grants.
 *
 * A goal pays the difference between what its value deserves and what it has paid, also where a cap or the pool had too
 * little for it: what was missing is named (in the entry, or among the unpaid) and never made good by a later event.
 *
 * What a merchant owes is settled out of its grants first, in their order.
 *
 * @param events as `countEvents` has counted them
 */
export function decideGrants(
  set: ProgramSet,
  state: GrantState,
  events: readonly CountedEvent[],
  place: JournalPlace,
): GrantOutcome {
  const batch = new Batch(set, state, place);
  batch.settleDue();
  for (const event of events) batch.take(event);
  return batch.outcome();
}

/** A goal in a row, to be looked at: see {@link Decided}. */
interface Look {
  row: OpenRow;
  goal: HeldGoal;
  facts: MerchantFacts;
  atMs: number;
  isSettlement: boolean;
  references: readonly EventReference[];
}

function lookAt(
  { event, reference, facts }: CountedEvent,
  row: OpenRow,
  goal: HeldGoal,
): Look {
  return {
    row,
    goal,
    facts,
    atMs: event.occurredAtMs,
    isSettlement: false,
    references: [reference],
  };
}

function decidedOn(
  { row, goal, atMs, isSettlement, references }: Look,
  value: bigint,
): Decided {
  const { merchantId, period } = row.address;
  return { merchantId, goal, period, value, atMs, isSettlement, references };
}

/** The rows of a merchant: those that are known, and over them those that the batch looks at. */
interface MerchantRows {
  merchantId: string;
  known: ReadonlyMap<string, PeriodProgress> | undefined;
  rows: Map<string, OpenRow>;
}

class Batch {
  readonly #merchants = new Map<string, MerchantRows>();
  /** An event's goals are of one merchant. */
  #last: MerchantRows | null = null;
  readonly #pools: PoolSlices;
  readonly #owed: Purses;
  readonly #payable: Purses;
  readonly #drafts: EntryDraft[] = [];
  readonly #lots: NewLot[] = [];
  readonly #unpaid: UnpaidReward[] = [];

  constructor(
    private readonly set: ProgramSet,
    private readonly state: GrantState,
    private readonly place: JournalPlace,
  ) {
    this.#pools = new PoolSlices(state.pools);
    this.#owed = new Purses(state.owed);
    this.#payable = new Purses(state.payable);
  }

  outcome(): GrantOutcome {
    const progress: ChangedProgress[] = [];
    for (const { rows } of this.#merchants.values())
      for (const row of rows.values())
        if (row.isChanged)
          progress.push({
            address: row.address,
            key: row.key,
            progress: row.progress,
            dueAtMs: this.#dueAtMs(row),
          });
    return {
      drafts: this.#drafts,
      progress,
      lots: this.#lots,
      unpaid: this.#unpaid,
      short: this.#pools.short,
    };
  }

  settleDue(): void {
    for (const address of this.state.due) {
      const { merchantId } = address;
      const row = this.#open(address, rowKey(address));
      const facts = this.state.facts.get(merchantId) ?? UNKNOWN_MERCHANT;
      for (const goal of this.#settling(row)) {
        const name = goal.goal.goal;
        const atMs = settlesAtMs(goal, row.endMs!)!;
        if (atMs > this.state.clockMs) continue;
        this.#pay({
          row,
          goal,
          facts,
          atMs,
          isSettlement: true,
          references: [],
        });
        row.stand(name, { ...row.standing(name), state: 'settled' });
      }
      // Kept anew in any case: of a program that was taken away nothing settles, and its row is to be due no longer.
      row.isChanged = true;
    }
  }

  take(event: CountedEvent): void {
    for (const change of event.changes) this.#change(event, change);
    const recounted = this.state.recounts.get(event);
    if (recounted) this.#applyRecount(event, recounted);
    if (event.event.type === 'merchant.registered') this.#lookAgain(event);
  }

  #change(event: CountedEvent, { goal, pieces }: GoalChange): void {
    if (pieces.length === 1) {
      this.#changePeriod(event, goal, pieces);
      return;
    }
    const byPeriod = new Map<string, Piece[]>();
    for (const piece of pieces) {
      const others = byPeriod.get(piece.period.key);
      if (others) others.push(piece);
      else byPeriod.set(piece.period.key, [piece]);
    }
    for (const ofPeriod of byPeriod.values())
      this.#changePeriod(event, goal, ofPeriod);
  }

  /** @param pieces of one period */
  #changePeriod(
    event: CountedEvent,
    goal: HeldGoal,
    pieces: readonly Piece[],
  ): void {
    const [{ period }] = pieces as [Piece];
    const { endMs } = period;
    const row = this.#openOf(event.event.merchantId, goal.held, period);
    if (row.endMs === null && endMs !== Infinity) row.endMs = endMs;
    const name = goal.goal.goal;
    const before = row.standing(name);
    let after = before;
    let atMs = -Infinity;
    for (const piece of pieces) {
      after = counted(after, piece);
      if (piece.atMs > atMs) atMs = piece.atMs;
    }
    row.stand(name, after);
    const rise = metricValue(goal.goal, after) - metricValue(goal.goal, before);
    if (rise > 0n) {
      const value = metricValue(goal.goal, after);
      const paysAtOnce = goal.goal.settlesAfterMs === null;
      if (
        paysAtOnce &&
        mayPay(goal.goal, after, value) &&
        isOpen(goal.held.program, atMs)
      )
        this.#pay(lookAt(event, row, goal));
    } else if (rise < 0n)
      this.#takeBack(lookAt(event, row, goal), event.because);
  }

  /** Pays what is deserved and was not paid before. */
  #pay(look: Look): void {
    const { row, goal } = look;
    const name = goal.goal.goal;
    const standing = row.standing(name);
    const value = metricValue(goal.goal, standing);
    if (standing.state !== 'open' || !mayPay(goal.goal, standing, value))
      return;
    if (!isEligible(goal.held.program, look.facts, look.atMs)) return;
    const decided = decidedOn(look, value);
    let paid = standing;
    for (const place of reachedBy(placeOf(decided), value)) {
      if (!isTiered(goal.goal)) {
        const before = named(standing.paid, place.key) ?? [];
        const rewards = this.#payDifference(decided, place, before);
        paid = withPaid(paid, place.key, rewards);
      } else if (!named(standing.paid, place.key)) {
        const rewards = place
          .rewards()
          .map((reward) =>
            this.#payReward(decided, place, reward, nothingPaid(reward.unit)),
          );
        paid = withPaid(paid, place.key, rewards);
      }
    }
    if (paid !== standing) row.stand(name, paid);
  }

  /** What is paid by unit, with what is deserved over what was promised. */
  #payDifference(
    decided: Decided,
    reached: Reached,
    before: readonly PaidReward[],
  ): PaidReward[] {
    const paid = new Map(before.map((reward) => [reward.unit, reward]));
    for (const reward of byUnit(reached.rewards())) {
      const known = paid.get(reward.unit) ?? nothingPaid(reward.unit);
      const due = reward.amount - known.promised;
      if (due > 0n)
        paid.set(
          reward.unit,
          this.#payReward(decided, reached, { ...reward, amount: due }, known),
        );
    }
    return [...paid.values()];
  }

  #payReward(
    decided: Decided,
    reached: Reached,
    reward: DeservedReward,
    before: PaidReward,
  ): PaidReward {
    const { unit, amount: promised } = reward;
    const { merchantId, goal } = decided;
    const allowed = this.#allowed(decided, unit, promised);
    const granted = this.#pools.take(goal.held.program.program, unit, allowed);
    if (granted === 0n) {
      const because = allowed === 0n ? 'capped' : 'pool_dry';
      this.#unpaid.push(
        unpaidReward(decided, reached, unit, promised, because),
      );
      return withGrant(before, promised, null);
    }
    const id = this.#nextEntryId();
    const { draft, keptBack, lot } = grantEntry(decided, reached, reward, {
      promised,
      allowed,
      granted,
      owed: this.#owed.of(merchantId, unit),
      entryId: id,
    });
    this.#drafts.push(draft);
    if (lot) this.#lots.push(lot);
    if (keptBack > 0n) this.#owed.add(merchantId, unit, -keptBack);
    if (isCash(unit)) this.#payable.add(merchantId, unit, granted - keptBack);
    for (const { row } of distinctRows(this.#capsOf(decided, unit)))
      row.grant(unit, granted);
    const paid = withGrant(before, promised, { entryId: id, amount: granted });
    return goal.held.takesBack && !isCash(unit)
      ? paid
      : { ...paid, grants: [] };
  }

  /** What the merchant's caps leave of an amount. */
  #allowed(decided: Decided, unit: Unit, amount: bigint): bigint {
    return this.#capsOf(decided, unit).reduce((allowed, { cap, row }) => {
      const left = cap.amount - row.granted(unit);
      if (left >= allowed) return allowed;
      return left > 0n ? left : 0n;
    }, amount);
  }

  #capsOf({ merchantId, goal, atMs }: Decided, unit: Unit) {
    const { held } = goal;
    return held.program.caps
      .filter((cap) => cap.unit === unit)
      .map((cap) => {
        const period = capPeriodAt(held, cap.period, atMs);
        return { cap, row: this.#openOf(merchantId, held, period) };
      });
  }

  /** Takes back what is no longer deserved, by the program's rule. */
  #takeBack(look: Look, because: FallReason): void {
    const { row, goal } = look;
    const name = goal.goal.goal;
    const rule = ruleFor(goal, because);
    const standing = row.standing(name);
    if (rule === 'never') return;
    const decided = decidedOn(look, metricValue(goal.goal, standing));
    const reached = new Map(
      reachedBy(placeOf(decided), decided.value).map((place) => [
        place.key,
        place,
      ]),
    );
    const lowers = (target: (place: Reached | undefined) => TargetOf) =>
      Object.entries(standing.paid).map(([key, rewards]) => {
        const targetOf = target(reached.get(key));
        return {
          key,
          rewards,
          lower: rewards.map((paid) => lowered(paid, targetOf(paid))),
        };
      });
    const isTiers = isTiered(goal.goal);
    const byDifference = lowers((place) => {
      if (isTiers && place) return ({ promised }) => promised;
      const rewards = place ? byUnit(place.rewards()) : [];
      return ({ unit }) =>
        rewards.find((reward) => reward.unit === unit)?.amount ?? 0n;
    });
    const isLess = byDifference.some(
      ({ key, rewards, lower }) =>
        (isTiers && !reached.has(key)) ||
        lower.some(({ paid }, i) => paid.promised < rewards[i]!.promised),
    );
    if (!isLess) return;
    const changes = rule === 'all' ? lowers(() => () => 0n) : byDifference;
    let after = standing;
    for (const { key, lower } of changes) {
      for (const { paid, taken, grants } of lower)
        this.#claw(decided, {
          rule,
          because,
          unit: paid.unit,
          amount: taken,
          grants,
        });
      const isGone = isTiers && (rule === 'all' || !reached.has(key));
      after = withPaid(
        after,
        key,
        isGone ? null : lower.map(({ paid }) => paid),
      );
    }
    row.stand(name, rule === 'all' ? { ...after, state: 'closed' } : after);
  }

  #claw(decided: Decided, taken: Omit<TakenBack, 'payable'>): void {
    const { merchantId } = decided;
    const { unit, grants } = taken;
    // What was granted under a version that takes nothing back names no grants, and stays.
    const amount = isCash(unit)
      ? taken.amount
      : grants.reduce((sum, grant) => sum + grant.amount, 0n);
    if (amount === 0n) return;
    const { draft, fromPayable, owed } = clawbackEntry(decided, {
      ...taken,
      amount,
      payable: this.#payable.of(merchantId, unit),
    });
    this.#drafts.push(draft);
    this.#payable.add(merchantId, unit, -fromPayable);
    this.#owed.add(merchantId, unit, owed);
  }

  /** A flag on a session or a merchant: its goals stand where counting anew puts them. */
  #applyRecount(event: CountedEvent, recounted: Recounted): void {
    const { merchantId, occurredAtMs } = event.event;
    const isOnMerchant =
      event.event.type === 'risk.flagged' &&
      event.event.data.target.kind === 'merchant';
    for (const row of this.#allRowsOf(merchantId)) {
      const { program, period } = row.address;
      for (const name of Object.keys(row.goals)) {
        const goal = this.set.goalAt(program, period, name, occurredAtMs);
        if (!goal) continue;
        const before = row.standing(name);
        const { value, days } = recounted.standing(row.address, name);
        const after = { ...before, value, days };
        row.stand(name, after);
        if (isOnMerchant && goal.held.program.takeBack.flags === 'all')
          this.#takeAll(lookAt(event, row, goal));
        else if (metricValue(goal.goal, after) < metricValue(goal.goal, before))
          this.#takeBack(lookAt(event, row, goal), 'flag');
      }
    }
  }

  #takeAll(look: Look): void {
    const { row, goal } = look;
    const name = goal.goal.goal;
    const standing = row.standing(name);
    const decided = decidedOn(look, metricValue(goal.goal, standing));
    for (const paid of Object.values(standing.paid).flat()) {
      const { taken: amount, grants } = lowered(paid, 0n);
      const { unit } = paid;
      this.#claw(decided, {
        rule: 'all',
        because: 'flag',
        unit,
        amount,
        grants,
      });
    }
    row.stand(name, { ...standing, paid: {}, state: 'closed' });
  }

  /** What became known of a merchant may make it eligible for what it has reached. */
  #lookAgain(event: CountedEvent): void {
    const { merchantId, occurredAtMs } = event.event;
    for (const row of this.#allRowsOf(merchantId)) {
      const { program, period } = row.address;
      for (const name of Object.keys(row.goals)) {
        const goal = this.set.goalAt(program, period, name, occurredAtMs);
        if (!goal || goal.held.program.eligible === null) continue;
        const isPast =
          goal.goal.period === 'lifetime' &&
          !isOpen(goal.held.program, occurredAtMs);
        if (goal.goal.settlesAfterMs === null && !isPast)
          this.#pay(lookAt(event, row, goal));
      }
    }
  }

  /** The goals of a row that the clock is still to decide. */
  #settling({ address, endMs, goals }: OpenRow): HeldGoal[] {
    const settling: HeldGoal[] = [];
    const { program, period } = address;
    if (endMs === null || !this.set.settles(program)) return settling;
    for (const name in goals) {
      if (goals[name]!.state !== 'open') continue;
      const goal = this.set.goalAt(program, period, name, endMs - 1);
      if (goal && goal.goal.settlesAfterMs !== null) settling.push(goal);
    }
    return settling;
  }

  /** When the clock has something to decide in a row. */
  #dueAtMs(row: OpenRow): number | null {
    let dueAtMs: number | null = null;
    for (const goal of this.#settling(row)) {
      const atMs = settlesAtMs(goal, row.endMs!)!;
      if (dueAtMs === null || atMs < dueAtMs) dueAtMs = atMs;
    }
    return dueAtMs;
  }

  #openOf(merchantId: string, held: HeldProgram, period: Period): OpenRow {
    const { rows } = this.#rowsOf(merchantId);
    return (
      rows.get(period.rowKey) ??
      this.#open(
        { merchantId, program: held.lineage, period: period.key },
        period.rowKey,
      )
    );
  }

  #open(address: ProgressAddress, key: string): OpenRow {
    const { known, rows } = this.#rowsOf(address.merchantId);
    let row = rows.get(key);
    if (!row) {
      row = new OpenRow(address, key, known?.get(key) ?? NO_PROGRESS);
      rows.set(key, row);
    }
    return row;
  }

  #rowsOf(merchantId: string): MerchantRows {
    if (merchantId === this.#last?.merchantId) return this.#last;
    let merchant = this.#merchants.get(merchantId);
    if (!merchant) {
      const known = this.state.progress.get(merchantId);
      merchant = { merchantId, known, rows: new Map() };
      this.#merchants.set(merchantId, merchant);
    }
    this.#last = merchant;
    return merchant;
  }

  /** All rows of a merchant, in the order of their keys, so that it does not depend on where they came from. */
  #allRowsOf(merchantId: string): OpenRow[] {
    const { known, rows } = this.#rowsOf(merchantId);
    const keys = new Set([...(known?.keys() ?? []), ...rows.keys()]);
    return [...keys].sort().map((key) => {
      const [program, period] = key.split('\n') as [string, string];
      return this.#open({ merchantId, program, period }, key);
    });
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

type TargetOf = (paid: PaidReward) => bigint;

function placeOf({ goal, merchantId, period }: Decided): DecidedPlace {
  const { program } = goal.held;
  return { program, goal: goal.goal, merchantId, period };
}

/** Whether each tier is paid by itself, and known by its name. */
function isTiered({ payout }: Goal): boolean {
  return payout.kind === 'tiers';
}

/** Whether there can be anything to pay: asked of every rise, so that most of them end here. */
function mayPay({ payout }: Goal, { paid }: GoalStanding, value: bigint) {
  switch (payout.kind) {
    case 'tiers':
      for (const { at, tier } of payout.tiers) {
        if (value < at) return false;
        if (!named(paid, tier)) return true;
      }
      return false;
    case 'highest_tier':
      return value >= payout.tiers[0]!.at;
    case 'every':
      return value >= payout.every && !isPaidFor(payout, paid, value);
    case 'rate':
      return value > 0n;
  }
}

/** Whether all that repeats up to a value was promised already: told without reckoning it, where it can be. */
function isPaidFor(
  { every, times, rewards }: Extract<Goal['payout'], { kind: 'every' }>,
  paid: GoalStanding['paid'],
  value: bigint,
): boolean {
  const [reward, ...others] = rewards;
  const [known] = named(paid, 'every') ?? [];
  if (!known || others.length > 0 || reward!.amount.kind !== 'fixed')
    return false;
  const reached = value / every;
  const repeats = times !== null && reached > times ? times : reached;
  return known.promised >= reward!.amount.amount * repeats;
}

/** Two caps of a unit over the same period share a row. */
function distinctRows<Item extends { row: OpenRow }>(items: Item[]): Item[] {
  return items.filter(
    ({ row }, i) => items.findIndex((other) => other.row === row) === i,
  );
}

function byUnit(rewards: readonly DeservedReward[]): DeservedReward[] {
  const all = new Map<Unit, DeservedReward>();
  for (const reward of rewards) {
    const known = all.get(reward.unit);
    all.set(
      reward.unit,
      known ? { ...known, amount: known.amount + reward.amount } : reward,
    );
  }
  return [...all.values()];
}

/** A correction takes back what it moved elsewhere, and no more. */
function ruleFor({ held }: HeldGoal, because: FallReason): TakeBack {
  const { refunds, flags } = held.program.takeBack;
  if (because === 'flag') return flags;
  return because === 'correction' && refunds === 'all' ? 'difference' : refunds;
}
